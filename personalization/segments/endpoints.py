"""GET /api/v1/segments and /api/v1/segments/{id}/members."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import ids
from core.http import Problem, cursor, database, page
from personalization.segments import service
from personalization.segments.errors import UnknownSegment
from personalization.segments.schemas import Member, MemberPage, SegmentCount
from tracking.stores.access import require


async def list_segments(request: Request) -> Response:
    """Every live segment with its condition, its sentence and how many people are in it."""
    store = require(request, "read")

    def read() -> list[SegmentCount]:
        with database(request).read() as session:
            return service.list_with_counts(session, store.store_id)

    return page([_segment(found) for found in await run_in_threadpool(read)], None)


async def list_members(request: Request) -> Response:
    """Who is in a segment, who entered last first; `?after=&limit=`."""
    store, paging, segment_id = require(request, "read"), cursor(request), _segment_id(request)
    before = _position(paging.after)

    def read() -> MemberPage:
        with database(request).read() as session:
            service.segment(session, store.store_id, segment_id)
            return service.members(session, store.store_id, segment_id, before, paging.limit)

    try:
        found = await run_in_threadpool(read)
    except UnknownSegment as error:
        raise Problem(404, "There is no such segment", str(error)) from error
    return page([_member(member) for member in found.items], found.next)


def _segment(found: SegmentCount) -> dict[str, object]:
    segment = found.segment
    return {
        "segment_id": ids.public("s", segment.segment_id),
        "name": segment.name,
        "description": segment.description,
        "condition": segment.document,
        "sentence": found.sentence,
        "version": segment.version,
        "members": found.members,
        "is_refreshing": found.is_refreshing,
        "created_at": segment.created_at,
    }


def _member(member: Member) -> dict[str, object]:
    return {"person_id": ids.public("p", member.person_id), "entered_at": member.entered_at}


def _segment_id(request: Request) -> int:
    try:
        return ids.number(request.path_params["segment_id"])
    except ids.UnknownIdentifier as error:
        raise Problem(404, "There is no such segment", str(error)) from error


def _position(after: str | None) -> int | None:
    position = None if after is None else ids.whole(after)
    if after is not None and position is None:
        raise Problem(400, "Wrong cursor", "`after` must be the `next` of the page before.")
    return position


ROUTES = [
    Route("/api/v1/segments", list_segments),
    Route("/api/v1/segments/{segment_id}/members", list_members),
]
