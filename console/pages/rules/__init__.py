"""Rules: who gets points and when, as a sentence with what it would have done beside it."""

from starlette.routing import Route

from console.frame import PageContext
from console.navigation import Area, Count
from console.pages.rules import changes, pages
from loyalty.rules import service


def count(page: PageContext) -> Count | None:
    """How many rules give points."""
    with page.services.database.read() as session:
        on = sum(rule.on is not None for rule in service.rules(session, page.store.store_id))
    return Count(on) if on else None


AREA = Area(
    section="rules",
    routes=(
        Route("/rules", pages.show_list, name="rules", methods=["GET"]),
        Route("/rules/new", pages.show_new, name="new_rule", methods=["GET"]),
        Route("/rules/new", changes.save_new, methods=["POST"]),
        Route("/rules/new/preview", pages.show_preview, methods=["GET"]),
        Route("/rules/{rule_id}", pages.show_one, name="rule", methods=["GET"]),
        Route("/rules/{rule_id}", changes.save, methods=["POST"]),
        Route("/rules/{rule_id}/preview", pages.show_preview, methods=["GET"]),
        Route("/rules/{rule_id}/history", pages.show_history, name="rule_history", methods=["GET"]),
        Route("/rules/{rule_id}/review", changes.review, name="rule_review", methods=["GET"]),
        Route("/rules/{rule_id}/turn-on", changes.turn_on, methods=["POST"]),
        Route("/rules/{rule_id}/turn-off", changes.turn_off, methods=["POST"]),
        Route("/rules/{rule_id}/discard", changes.discard, methods=["POST"]),
        Route("/rules/{rule_id}/bring-back", changes.bring_back, methods=["POST"]),
        Route("/rules/{rule_id}/restore", changes.restore, methods=["POST"]),
    ),
    count=count,
)
