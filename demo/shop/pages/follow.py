"""After the order: where it is, moving the parcel on (this is a demo), and returning things."""

from starlette.datastructures import FormData
from starlette.responses import Response

from demo import carrier
from demo.shop import orders, returns
from demo.shop.errors import NotFound, NotReturnable
from demo.shop.orders import Order
from demo.shop.rendering import show
from demo.shop.visit import Visit, see, text


def find_order(visit: Visit, *, order_id: str = "", email: str = "", error: str | None = None) -> Response:
    """Ask for the number and the address of an order."""
    status = 422 if error else 200
    return show(visit, "find_order.html", status=status, order_id=order_id, email=email, error=error)


def ask(visit: Visit) -> Response:
    """Show the form that finds an order."""
    return find_order(visit)


def look_up(visit: Visit, fields: FormData) -> Response:
    """Open an order to somebody who knows its number and its e-mail address."""
    order_id, email = text(fields, "order_id"), text(fields, "email")
    try:
        with visit.shop.database.read() as connection:
            order = orders.matching(connection, order_id, email)
    except NotFound:
        sentence = "No order has this number and this e-mail address. Both stand in the confirmation mail."
        return find_order(visit, order_id=order_id, email=email, error=sentence)
    visit.remember_order(order.order_id)
    return see(f"/shop/orders/{order.order_id}")


def order_page(visit: Visit) -> Response:
    """Show an order with its parcel."""
    order = _order(visit)
    with visit.shop.database.read() as connection:
        parcels = carrier.parcels_of(connection, order.order_id)
        refunds = orders.refunds_of(connection, order.order_id)
        refusals = {line.line_id: returns.reason_against(connection, order, line) for line in order.lines}
    return show(
        visit,
        "order.html",
        order=order,
        parcels=parcels,
        refunds=refunds,
        refusals=refusals,
        milestones=carrier.MILESTONES,
    )


def advance(visit: Visit, fields: FormData) -> Response:
    """Move the parcels of an order on by one step."""
    order = _order(visit)
    settings = visit.shop.settings
    with visit.shop.database.write() as connection:
        for parcel in carrier.parcels_of(connection, order.order_id):
            carrier.move_on(
                connection, parcel.parcel_id, now=settings.clock(), step_seconds=settings.carrier_step_seconds
            )
    visit.shop.worker.nudge()
    return see(f"/shop/orders/{order.order_id}#parcel")


def give_back(visit: Visit, fields: FormData) -> Response:
    """Take one piece back and refund it."""
    order = _order(visit)
    try:
        with visit.shop.database.write() as connection:
            current = orders.find(connection, order.order_id)
            returns.give_back(connection, visit.shop.settings, current, text(fields, "line_id"))
    except NotReturnable as error:
        visit.tell_once("notice", str(error))
    visit.shop.worker.nudge()
    return see(f"/shop/orders/{order.order_id}#lines")


def _order(visit: Visit) -> Order:
    with visit.shop.database.read() as connection:
        return orders.seen_by(
            connection,
            visit.request.path_params["order_id"],
            user_id=visit.user_id,
            session_orders=visit.own_orders,
        )
