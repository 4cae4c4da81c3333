"""GET /api/v1/parcels and /api/v1/parcels/{id}."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import clock, ids
from core.http import Problem, cursor, database, page, reply
from tracking.parcels import service
from tracking.parcels.errors import UnknownParcel
from tracking.parcels.schemas import STATES, Parcel, ParcelPage
from tracking.stores.access import require


async def list_parcels(request: Request) -> Response:
    """The last moved first; `?person=p_…&state=&late=true&search=&after=&limit=`."""
    store, paging = require(request, "read"), cursor(request)
    person, state = _person(request), request.query_params.get("state")
    if state and state not in STATES:
        raise Problem(400, "Wrong state", f"`state` must be one of {', '.join(STATES)}.")

    def read() -> ParcelPage:
        with database(request).read() as session:
            return service.parcels(
                session,
                store.store_id,
                now=clock.now(),
                zone=store.time_zone,
                person_ids=None if person is None else [person],
                states=[state] if state else None,
                search=request.query_params.get("search"),
                only_late=request.query_params.get("late") == "true",
                cursor=paging.after,
                limit=paging.limit,
            )

    found = await run_in_threadpool(read)
    return page([_outside(parcel) for parcel in found.items], found.next)


async def show_parcel(request: Request) -> Response:
    """One parcel with its checkpoints."""
    store = require(request, "read")

    def read() -> Parcel:
        with database(request).read() as session:
            return service.parcel(
                session, store.store_id, request.path_params["parcel_id"], now=clock.now(), zone=store.time_zone
            )

    try:
        return reply(_outside(await run_in_threadpool(read)))
    except UnknownParcel as error:
        raise Problem(404, "There is no such parcel", str(error)) from error


def _outside(parcel: Parcel) -> dict[str, object]:
    """As the API shows it: 63-bit numbers as texts that JavaScript can hold."""
    shown: dict[str, object] = {name: getattr(parcel, name) for name in Parcel.__dataclass_fields__}
    return shown | {"person_id": ids.public("p", parcel.person_id) if parcel.person_id else None}


def _person(request: Request) -> int | None:
    text = request.query_params.get("person")
    try:
        return ids.number(text) if text else None
    except ids.UnknownIdentifier as error:
        raise Problem(400, "Wrong person", str(error)) from error


ROUTES = [
    Route("/api/v1/parcels", list_parcels),
    Route("/api/v1/parcels/{parcel_id:path}", show_parcel),
]
