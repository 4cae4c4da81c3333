"""How mail leaves: SMTP, files, or not at all; chosen by REGULARS_SMTP_URL. All pass one suite of tests."""

from urllib.parse import urlsplit

from crm.messaging.transports.base import Refused, Transport, UnknownResult
from crm.messaging.transports.files import FileTransport
from crm.messaging.transports.null import NullTransport
from crm.messaging.transports.smtp import SmtpTransport

__all__ = ["FileTransport", "NullTransport", "Refused", "SmtpTransport", "Transport", "UnknownResult", "open_transport"]


def open_transport(url: str) -> Transport:
    """The transport that a URL names: `smtp://`, `smtps://`, `file:///folder` or `null:`."""
    scheme = urlsplit(url).scheme
    if scheme in ("smtp", "smtps"):
        return SmtpTransport(url)
    if scheme == "file":
        return FileTransport(url)
    return NullTransport()
