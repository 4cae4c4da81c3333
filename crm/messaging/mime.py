"""From rendered bodies to the bytes that are sent: the same bytes at every attempt."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core import clock, ids
from core.clock import Instant
from crm.messaging.schemas import Message, Rendered


def compose(message: Message, rendered: Rendered, *, sender_address: str, host: str, at: Instant) -> bytes:
    """A multipart/alternative mail with a stable Message-ID, in the thread of its order."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = str(Address(rendered.sender, addr_spec=sender_address))
    mail["To"] = message.recipient
    mail["Subject"] = rendered.subject_line
    mail["Date"] = format_datetime(clock.to_datetime(at))
    mail["Message-ID"] = _header_id(message.store_id, message.message_id, host)
    mail["Auto-Submitted"] = "auto-generated"
    if rendered.thread and rendered.thread != f"{message.subject}/{message.step}":
        subject, _, step = rendered.thread.rpartition("/")
        first = ids.derived("message", message.store_id, subject, step, message.channel)
        mail["In-Reply-To"] = mail["References"] = _header_id(message.store_id, first, host)
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    boundary = f"regulars-{message.message_id:x}"
    mail.set_boundary(boundary)
    return mail.as_bytes()


def _header_id(store_id: int, message_id: int, host: str) -> str:
    return f"<{store_id}.{message_id:x}@{host}>"
