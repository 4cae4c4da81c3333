"""Where the console's records are; ids of shops may hold any letter, so they are quoted."""

from urllib.parse import quote

from console.frame import PageContext
from core import ids


def to_person(page: PageContext, person_id: int) -> str:
    """A person's page, or nothing for an order of nobody."""
    return f"{page.root}/people/{ids.public('p', person_id)}" if person_id else ""


def to_segment(page: PageContext, segment_id: int) -> str:
    """A segment's page."""
    return f"{page.root}/segments/{ids.public('s', segment_id)}"


def to_order(page: PageContext, order_id: str) -> str:
    """An order's page."""
    return f"{page.root}/orders/{quote(order_id, safe='')}"


def to_parcel(page: PageContext, parcel_id: str) -> str:
    """A parcel's page."""
    return f"{page.root}/parcels/{quote(parcel_id, safe='')}"


def to_product(page: PageContext, product_id: str) -> str:
    """A product's page."""
    return f"{page.root}/products/{quote(product_id, safe='')}"


def to_rule(page: PageContext, rule_id: int) -> str:
    """A rule's workbench."""
    return f"{page.root}/rules/{ids.public('r', rule_id)}"


def to_message(page: PageContext, message_id: int) -> str:
    """A message as its buyer sees it."""
    return f"{page.root}/order-news/{ids.public('m', message_id)}"


def to_event(page: PageContext, position: int) -> str:
    """A row of the log."""
    return f"{page.root}/log/{position}"
