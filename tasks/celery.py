"""The one Celery app: over memory inside `regulars serve`, over Redis for workers of their own."""

from collections.abc import Callable
from typing import TypeVar

from celery import Celery
from kombu.entity import Queue

from core.settings import Settings

app = Celery("regulars")
Task = TypeVar("Task", bound=Callable[..., None])

app.conf.update(
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_default_queue="nudges",
    task_queues=(Queue("nudges"),),  # type: ignore[no-untyped-call]
    task_create_missing_queues=False,
    worker_redirect_stdouts=False,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=4,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
    imports=("tasks.reactions", "tasks.messages", "tasks.segments", "tasks.points", "tasks.training"),
)


def configure(settings: Settings) -> Celery:
    """Point the app at Redis where there is one, else at this process's memory."""
    if settings.redis_url:
        # A broker that swallows connections must not hold up the thread that sends a nudge.
        options = {"visibility_timeout": 60, "socket_connect_timeout": 2}
        app.conf.update(broker_url=settings.redis_url, broker_transport_options=options)
    else:
        # The default interval of the memory transport, one second, lets eight tasks through a second.
        app.conf.update(broker_url="memory://", broker_transport_options={"polling_interval": 0.02})
    return app


def task(name: str) -> Callable[[Task], Task]:
    """Register a function as the handler of a nudge; typed, where Celery's own decorator is not."""
    register: Callable[[Task], Task] = app.task(name=name)
    return register
