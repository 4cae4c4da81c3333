"""Reading the shop's own documents: `order received`, `refund received`, `order cancellation received`.

They come from trusted sources only, so one that cannot be counted raises UnreadableOrder and is set aside for a person.
"""

from core import clock, money
from core.clock import Instant
from core.log import Event
from tracking.orders import pricing
from tracking.orders.errors import UnreadableOrder
from tracking.orders.pricing import RawLine
from tracking.orders.reports import AskedLine, CancellationReport, OrderReport, Refund, RefundReport
from tracking.orders.schemas import Amount, CancellationDocument, LineDocument, OrderDocument, RefundDocument

LONGEST_ID = 200
LARGEST_QUANTITY = 1_000_000
_LONGEST_IDENTITY = 255


def order(event: Event) -> OrderReport:
    """The order a document tells; raises UnreadableOrder or UnreadableBody."""
    document = event.read(OrderDocument)
    order_id = identifier(document.order_id, document.order_id)
    try:
        return _order(event, document)
    except (money.UnreadableAmount, clock.UnreadableTime, ValueError) as error:
        raise UnreadableOrder(order_id, str(error)) from error


def refund(event: Event) -> RefundReport:
    """The refund a document tells; raises UnreadableOrder or UnreadableBody."""
    document = event.read(RefundDocument)
    order_id = identifier(document.order_id, document.order_id)
    lines = tuple(
        AskedLine(identifier(line.line_id, order_id), _quantity(line.quantity, order_id), text(line.amount, order_id))
        for line in document.lines
    )
    asked = Refund(
        order_id=order_id,
        refund_id=identifier(document.refund_id, order_id),
        at=_at(document.occurred_at, event, order_id),
        position=event.position,
        amount=text(document.amount, order_id),
        shipping=text(document.shipping, order_id),
        lines=lines,
    )
    return RefundReport(order_id=order_id, event=event, refund=asked)


def cancellation(event: Event) -> CancellationReport:
    """The cancellation a document tells; raises UnreadableOrder or UnreadableBody."""
    document = event.read(CancellationDocument)
    order_id = identifier(document.order_id, document.order_id)
    return CancellationReport(order_id=order_id, event=event, at=_at(document.occurred_at, event, order_id))


def identifier(value: str, order_id: str) -> str:
    """An id that the tables can hold; raises UnreadableOrder."""
    if not value or len(value) > LONGEST_ID or "\x00" in value:
        raise UnreadableOrder(order_id, f"an id is empty or longer than {LONGEST_ID} characters")
    return value


def text(value: Amount, order_id: str) -> str | None:
    """An amount as text in major units, checked to be readable; raises UnreadableOrder."""
    if value is None:
        return None
    try:
        money.to_minor(value, "EUR")
    except money.UnreadableAmount as error:
        raise UnreadableOrder(order_id, str(error)) from error
    return str(value).strip()[:40]


def _order(event: Event, document: OrderDocument) -> OrderReport:
    currency = document.currency.upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise ValueError(f"“{document.currency[:20]}” is not an ISO 4217 currency such as EUR.")
    discount = pricing.amount(document.discount, currency)
    lines = pricing.priced([_line(line, currency, document.order_id) for line in document.lines], discount)
    price = pricing.price(
        lines,
        total=None if document.total is None else pricing.amount(document.total, currency),
        tax=pricing.amount(document.tax, currency),
        shipping=pricing.amount(document.shipping, currency),
        discount=discount,
    )
    updated_at = clock.parse(document.updated_at) if document.updated_at else 0
    return OrderReport(
        order_id=document.order_id,
        event=event,
        placed_at=min(clock.parse(document.occurred_at), event.received_at),
        rank=(updated_at, document.revision, event.position),
        currency=currency,
        price=price,
        lines=lines,
        promised_at=_promise(document.promised_at),
        email=_email(document.email),
        user_id=_identity(document.user_id or event.user_id),
        anonymous_id=_identity(document.anonymous_id or event.anonymous_id),
        address=document.address,
    )


def _line(line: LineDocument, currency: str, order_id: str) -> RawLine:
    return RawLine(
        identifier(line.line_id, order_id),
        identifier(line.product_id, order_id),
        identifier(line.variant_id, order_id) if line.variant_id else None,
        (line.name or "").replace("\x00", "")[:400],
        _quantity(line.quantity, order_id),
        pricing.amount(line.price, currency),
    )


def _quantity(quantity: int, order_id: str) -> int:
    if not 0 < quantity <= LARGEST_QUANTITY:
        raise UnreadableOrder(order_id, f"a line has the quantity {quantity}")
    return quantity


def _at(text: str, event: Event, order_id: str) -> Instant:
    try:
        return min(clock.parse(text), event.received_at)
    except clock.UnreadableTime as error:
        raise UnreadableOrder(order_id, str(error)) from error


def _promise(text: str | None) -> Instant | None:
    """When the order is to arrive; the end of time, by which some shops say “not known”, is no promise."""
    return clock.parse(text) if text and not text.startswith("9999-") else None


def _identity(value: str | None) -> str | None:
    if value and (len(value) > _LONGEST_IDENTITY or "\x00" in value):
        raise ValueError(f"A user id or anonymous id may have {_LONGEST_IDENTITY} characters at most.")
    return value or None


def _email(value: str | None) -> str | None:
    """An address a mail can go to, or None; with a blank or a control character in it, it would be two headers."""
    address = (value or "").strip().lower()
    is_address = "@" in address and len(address) <= 320 and address.isprintable() and " " not in address
    return address if is_address else None
