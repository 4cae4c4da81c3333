"""Mail as files: one `.eml` per message, written whole or not at all."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crm.messaging.transports.base import Refused


class FileTransport:
    """Writes into a folder; the same key overwrites the same file."""

    is_repeatable = True

    def __init__(self, url: str) -> None:
        self.folder = Path(unquote(urlsplit(url).path))

    def send(self, *, key: str, sender: str, recipient: str, mime: bytes) -> None:
        """Write the file; raises Refused when the disk does not take it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder / f".{key}.part"
            with unfinished.open("wb") as file:
                file.write(mime)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / f"{key}.eml")
        except OSError as error:
            raise Refused(f"the mail folder does not take it: {error.strerror}", is_final=False) from error
