"""Sending what is due."""

from core import ids
from crm.messaging.sending import Sender
from crm.messaging.transports import open_transport
from crm.notifications.rendering import renderers
from tasks.celery import task
from tasks.runtime import current

_OWNER = ids.new()


@task("send_messages")
def send_messages() -> None:
    """Send the messages whose time has come."""
    runtime = current()
    Sender(
        database=runtime.database,
        settings=runtime.settings,
        renderers=renderers(runtime.settings),
        transport=open_transport(runtime.settings.smtp_url),
        owner=_OWNER,
    ).send_due()
