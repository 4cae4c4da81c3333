"""GET /api/v1/orders and /api/v1/orders/{id}."""

from typing import get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import ids
from core.http import Problem, cursor, database, page, reply
from tracking.orders import service
from tracking.orders.errors import UnknownOrder
from tracking.orders.schemas import Order, OrderPage, Status
from tracking.stores.access import require


async def list_orders(request: Request) -> Response:
    """Newest first; `?person=p_…&status=&search=&after=&limit=`."""
    store, paging = require(request, "read"), cursor(request)
    person, status = _person(request), _status(request)

    def read() -> OrderPage:
        with database(request).read() as session:
            return service.orders(
                session,
                store.store_id,
                person_ids=None if person is None else [person],
                status=status,
                search=request.query_params.get("search"),
                cursor=paging.after,
                limit=paging.limit,
            )

    found = await run_in_threadpool(read)
    return page([_outside(order) for order in found.items], found.next)


async def show_order(request: Request) -> Response:
    """One order with its lines, refunds and what each source said."""
    store = require(request, "read")

    def read() -> Order:
        with database(request).read() as session:
            return service.order(session, store.store_id, request.path_params["order_id"])

    try:
        return reply(_outside(await run_in_threadpool(read)))
    except UnknownOrder as error:
        raise Problem(404, "There is no such order", str(error)) from error


def _outside(order: Order) -> dict[str, object]:
    """As the API shows it: 63-bit numbers as texts that JavaScript can hold; amounts stay minor units."""
    shown: dict[str, object] = {name: getattr(order, name) for name in Order.__dataclass_fields__}
    return shown | {"person_id": ids.public("p", order.person_id) if order.person_id else None}


def _person(request: Request) -> int | None:
    text = request.query_params.get("person")
    try:
        return ids.number(text) if text else None
    except ids.UnknownIdentifier as error:
        raise Problem(400, "Wrong person", str(error)) from error


def _status(request: Request) -> Status | None:
    text = request.query_params.get("status")
    for status in get_args(Status):
        if text == status:
            return status  # type: ignore[no-any-return]
    if text:
        raise Problem(400, "Wrong status", f"`status` must be one of {', '.join(get_args(Status))}.")
    return None


ROUTES = [
    Route("/api/v1/orders", list_orders),
    Route("/api/v1/orders/{order_id:path}", show_order),
]
