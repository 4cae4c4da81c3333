"""The log: events and facts, what was set aside, what people changed, and how far the reactions are."""

from starlette.routing import Route

from console.frame import PageContext
from console.navigation import Area, Count
from console.pages.log import audit, events, set_aside
from core.log import setting_aside


def count(page: PageContext) -> Count | None:
    """What was set aside and waits."""
    with page.services.database.read() as session:
        waiting = sum(setting_aside.count(session, page.store.store_id).values())
    return Count(waiting, needs_work=True) if waiting else None


AREA = Area(
    section="log",
    routes=(
        Route("/log", events.show_list, name="log", methods=["GET"]),
        Route("/log/set-aside", set_aside.show, name="set_aside", methods=["GET"]),
        Route("/log/set-aside", set_aside.replay, methods=["POST"]),
        Route("/log/audit", audit.show, name="audit", methods=["GET"]),
        Route("/log/reactions", audit.show_reactions, name="reactions", methods=["GET"]),
        Route("/log/{position:int}", events.show_one, name="event", methods=["GET"]),
    ),
    count=count,
)
