"""What the shop is told when it is opened."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from demo.shop.clock import Clock, system_clock


@dataclass(frozen=True)
class ShopSettings:
    """How the shop reaches Regulars, and where it keeps its own things.

    `base_url` is Regulars' address as a browser sees it; the shop itself is served below it at `/shop`. `write_key` goes
    into pages, `secret_key` signs identity tokens and webhooks and never leaves the server. `carrier_step_seconds` is the
    usual time between two movements of a parcel.
    """

    base_url: str
    write_key: str
    secret_key: str
    store_id: int
    home: Path
    console_url: str
    carrier_step_seconds: float = 180.0
    clock: Clock = system_clock

    @property
    def origin(self) -> str:
        """Scheme and host of Regulars, for the pages' content security policy."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def webhook_url(self) -> str:
        """Where the shop reports its orders, parcels and products."""
        return f"{self.base_url.rstrip('/')}/webhooks/generic/{self.store_id}"

    @property
    def snippet_url(self) -> str:
        """The script that every page of the shop loads."""
        return f"{self.base_url.rstrip('/')}/regulars.js"

    def absolute(self, path: str) -> str:
        """Return a path of the shop as an address that works in a mail."""
        return f"{self.base_url.rstrip('/')}{path}"
