"""What one order's page shows, gathered from every part that knows something of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from console import links, words
from console.frame import PageContext
from console.language import gettext as _
from console.parts import Day, Entry, Fact, Leaf, Milestones, Tag, Why, by_day
from core.clock import Instant
from core.db import Session
from crm.messaging import service as messaging
from crm.messaging.schemas import Message
from loyalty.ledger import service as ledger
from loyalty.ledger.schemas import Movement
from tracking.orders.schemas import Order, ReportView
from tracking.parcels import service as parcels
from tracking.parcels.schemas import Parcel
from tracking.people import service as people

_MOST_MESSAGES = 200
# The lines of an address, each of the words that shops have for its parts.
_ADDRESS = (
    ("name", "first_name", "last_name"),
    ("company",),
    ("street", "address", "address1", "line1", "house_number"),
    ("address2", "line2"),
    ("postcode", "postal_code", "zip", "city"),
    ("region", "province", "state"),
    ("country", "country_code"),
)


@dataclass(frozen=True)
class ShownParcel:
    """A parcel in the margin."""

    name: str
    url: str
    tag: Tag
    steps: Milestones
    promised_at: Instant | None


@dataclass(frozen=True)
class ShownPoints:
    """One movement of points with its why."""

    text: str
    points: str
    why: Why


@dataclass(frozen=True)
class Record:
    """Everything on the page."""

    tag: Tag
    buyer: str
    buyer_url: str
    amounts: list[Fact]
    address: list[str]
    points: list[ShownPoints]
    balance: int
    parcels: list[ShownParcel]
    reports: list[ReportView]
    disagrees: bool
    timeline: list[Day]
    product_urls: dict[str, str]


def record(session: Session, page: PageContext, order: Order) -> Record:
    """Gather the page of an order."""
    store_id = page.store.store_id
    person = people.person(session, store_id, order.person_id) if order.person_id else None
    moved = ledger.movements_of_order(session, store_id, order.order_id)
    sent = parcels.parcels_of_orders(session, store_id, [order.order_id], now=page.now, zone=page.store.time_zone).get(
        order.order_id, []
    )
    # Newest first; of the same instant what follows stands above its cause.
    entries = [
        *_message_entries(page, _messages(session, page, order)),
        *_parcel_entries(page, sent),
        *_points_entries(page, moved),
        *_order_entries(page, order),
    ]
    return Record(
        tag=words.order_tag(order.status, order.total, order.refunded),
        buyer=person.label if person else order.email or _("Nobody we know"),
        buyer_url=links.to_person(page, person.person_id) if person else "",
        amounts=_amounts(page, order),
        address=_address(order.address),
        points=[_shown_points(page, at, movement) for at, movement in enumerate(moved)],
        balance=sum(movement.points for movement in moved),
        parcels=[_shown_parcel(page, parcel) for parcel in sent],
        reports=list(order.reports),
        disagrees=any(report.difference or report.problem for report in order.reports if report.kind == "order"),
        timeline=by_day(sorted(entries, key=lambda entry: -entry.at), page.format),
        product_urls={line.product_id: links.to_product(page, line.product_id) for line in order.lines},
    )


def _amounts(page: PageContext, order: Order) -> list[Fact]:
    form = page.format
    rows = [
        Fact(_("Goods"), form.money(order.goods, order.currency)),
        Fact(_("Shipping"), form.money(order.shipping, order.currency)),
        Fact(_("Tax"), form.money(order.tax, order.currency)),
        Fact(_("Total"), form.money(order.total, order.currency)),
    ]
    if order.discount:
        rows.insert(1, Fact(_("Discount, taken off the goods"), form.money(-order.discount, order.currency)))
    if order.refunded:
        rows.append(Fact(_("Given back"), form.money(-order.refunded, order.currency)))
        rows.append(Fact(_("Kept by the shop"), form.money(order.net, order.currency)))
    return rows


def _address(address: dict[str, Any]) -> list[str]:
    """The lines of an address as it is written on a parcel, whatever the shop calls them; what is unknown stands last."""
    said = {name: str(value) for name, value in address.items() if isinstance(value, str | int) and str(value).strip()}
    lines = [" ".join(said[name] for name in line if name in said) for line in _ADDRESS]
    known = {name for line in _ADDRESS for name in line}
    return [line for line in (*lines, *(value for name, value in said.items() if name not in known)) if line]


def _messages(session: Session, page: PageContext, order: Order) -> list[Message]:
    """The mails about the order and its parcels."""
    store_id = page.store.store_id
    if order.person_id:
        who = people.merged(session, store_id, order.person_id)
        found = messaging.messages(session, store_id, person_ids=who, limit=_MOST_MESSAGES)
    elif order.email:
        found = messaging.messages(session, store_id, search=order.email, limit=_MOST_MESSAGES)
    else:
        found = []
    return [message for message in found if message.data.get("order_id") == order.order_id]


def _order_entries(page: PageContext, order: Order) -> list[Entry]:
    form = page.format
    text = _("Reported by a browser, not confirmed") if order.status == "reported" else _("Order placed")
    pieces = ", ".join(f"{line.quantity} × {line.name or line.product_id}" for line in order.lines[:4])
    entries = [
        Entry(order.placed_at, "bag", text, pieces, form.money(order.total, order.currency), tone="accent"),
        *(
            Entry(
                refund.at,
                "undo",
                _("Refund waits for its order") if refund.waits else _("Refunded"),
                _("Refund %(id)s") % {"id": refund.refund_id},
                form.money(-refund.amount, order.currency),
            )
            for refund in order.refunds
        ),
    ]
    if order.cancelled_at is not None:
        entries.append(Entry(order.cancelled_at, "x", _("Cancelled"), tone="bad"))
    return entries


def _points_entries(page: PageContext, moved: Sequence[Movement]) -> list[Entry]:
    return [
        Entry(
            movement.effective_at,
            "coin",
            movement_text(movement),
            amount=page.format.signed(movement.points),
            tone="points",
            amount_tone="points",
            why=why_of(page, f"why-line-{at}", movement),
        )
        for at, movement in enumerate(moved)
    ]


def _parcel_entries(page: PageContext, sent: Sequence[Parcel]) -> list[Entry]:
    return [
        Entry(
            scan.at,
            words.parcel_icon(scan.state),
            Markup('<a href="{}">{}</a> {}').format(
                links.to_parcel(page, parcel.parcel_id),
                _("Parcel"),
                words.parcel_state(scan.state or scan.status).lower(),
            ),
            ", ".join(part for part in (scan.place, parcel.carrier) if part),
            tone=words.parcel_tone(scan.state),
        )
        for parcel in sent
        for scan in parcel.checkpoints
    ]


def _message_entries(page: PageContext, found: Sequence[Message]) -> list[Entry]:
    return [
        Entry(
            message.sent_at or message.queued_at,
            "mail",
            Markup('{} <a href="{}">“{}”</a>').format(
                _("Mail"),
                links.to_message(page, message.message_id),
                message.subject_line or words.message_step(message.step),
            ),
            ": ".join(part for part in (words.message_state(message.state), message.reason) if part),
            tone="bad" if message.state == "failed" else "",
        )
        for message in found
    ]


def _shown_parcel(page: PageContext, parcel: Parcel) -> ShownParcel:
    return ShownParcel(
        name=" ".join(part for part in (parcel.carrier, parcel.tracking_number) if part) or parcel.parcel_id,
        url=links.to_parcel(page, parcel.parcel_id),
        tag=words.parcel_tag(parcel.state, parcel.is_late),
        steps=words.parcel_steps(parcel.state),
        promised_at=parcel.promised_at,
    )


def _shown_points(page: PageContext, at: int, movement: Movement) -> ShownPoints:
    return ShownPoints(
        movement_text(movement), page.format.signed(movement.points), why_of(page, f"why-points-{at}", movement)
    )


def movement_text(movement: Movement) -> str:
    """What a movement of points was."""
    return {
        "award": _("Points earned"),
        "take back": _("Points taken back"),
        "expiry": _("Points ran out"),
    }.get(movement.kind, _("Points changed by hand"))


def why_of(page: PageContext, identifier: str, movement: Movement) -> Why:
    """The explanation that the ledger keeps with every movement."""
    told = movement.explanation
    leaves = [
        Leaf(leaf["holds"], str(leaf["text"]), str(leaf.get("seen", "")), str(leaf.get("needed", "")))
        for leaf in told.get("leaves", ())
    ]
    arithmetic = told.get("arithmetic")
    version = movement.rule_version or told.get("version")
    return Why(
        id=identifier,
        sentence=str(told.get("sentence", "")),
        leaves=leaves,
        total=(str(arithmetic), page.format.number(movement.points)) if arithmetic else None,
        source=_("Rule version %(version)s") % {"version": version} if version else "",
    )
