"""From query parameters to a request."""

from collections.abc import Mapping

from personalization.recommendations.errors import UnknownSlot, UnreadableRequest
from personalization.recommendations.schemas import DEFAULT_LIMIT, LARGEST_LIMIT, SLOTS, RecommendationRequest

_LONGEST_ID = 255
_MOST_IDS = 200
_FURTHEST_OFFSET = 200


def read_request(
    store_id: int, query: Mapping[str, str], *, proved_user_id: str | None = None, session_only: bool = False
) -> RecommendationRequest:
    """The request behind `slot anonymous_id item items exclude limit next`; raises UnknownSlot or UnreadableRequest."""
    wanted = query.get("slot") or "home"
    slot = next((known for known in SLOTS if known == wanted), None)
    if slot is None:
        raise UnknownSlot(wanted, SLOTS)
    return RecommendationRequest(
        store_id=store_id,
        slot=slot,
        anonymous_id=query.get("anonymous_id", "")[:_LONGEST_ID] or None,
        proved_user_id=proved_user_id,
        item=query.get("item", "")[:_LONGEST_ID] or None,
        items=_listed(query.get("items", "")),
        exclude=_listed(query.get("exclude", "")),
        limit=min(_number(query, "limit", DEFAULT_LIMIT), LARGEST_LIMIT),
        offset=min(_number(query, "next", 0), _FURTHEST_OFFSET),
        session_only=session_only,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",")[:_MOST_IDS] if one) if text else ()


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise UnreadableRequest(name, text)
    return int(text)
