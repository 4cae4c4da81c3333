"""Segments as objects: the stored row with its condition read once."""

from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Row

from core.conditions import Node, Watch, outlook, parse
from core.db import Session
from personalization.segments import repository
from personalization.segments.errors import UnknownSegment
from personalization.segments.population import registry
from personalization.segments.schemas import Segment

_encode = msgspec.json.Encoder(order="sorted").encode


def all_segments(session: Session, store_id: int) -> list[Segment]:
    """Every segment of a store, archived ones too."""
    return [_segment(row) for row in repository.segments(session, store_id)]


def live_segments(session: Session, store_id: int) -> list[Segment]:
    """The segments that people enter and leave."""
    return [segment for segment in all_segments(session, store_id) if segment.archived_at is None]


def segment(session: Session, store_id: int, segment_id: int) -> Segment:
    """One segment; raises UnknownSegment."""
    for found in all_segments(session, store_id):
        if found.segment_id == segment_id:
            return found
    raise UnknownSegment(segment_id)


def watch(found: Segment) -> Watch:
    """The segment's condition, compiled: whether it is true of a row, and until when that is certain."""
    return _watch(_encode(found.document), _encode(found.traits))


def _segment(row: Row[Any]) -> Segment:
    return Segment(
        store_id=row.store_id,
        segment_id=row.segment_id,
        name=row.name,
        description=row.description,
        document=row.condition,
        condition=_parsed(_encode(row.condition), _encode(row.traits)),
        registry=registry(row.traits),
        traits=row.traits,
        version=row.version,
        time_zone=row.time_zone,
        live_from=row.live_from,
        created_at=row.created_at,
        archived_at=row.archived_at,
    )


@lru_cache(maxsize=1_024)
def _parsed(encoded: bytes, traits: bytes) -> Node:
    return parse(msgspec.json.decode(encoded), registry(msgspec.json.decode(traits)))


@lru_cache(maxsize=1_024)
def _watch(encoded: bytes, traits: bytes) -> Watch:
    return outlook(_parsed(encoded, traits), registry(msgspec.json.decode(traits)))
