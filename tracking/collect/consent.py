"""The consent stamp of an event: what the shopper had agreed to when it happened, as a short text in the log.

A stamp is a comma-separated list of tokens: a purpose that was granted (`analytics`), one that was refused
(`-personalization`), and `gpc` where the browser sent Global Privacy Control. The empty stamp says nothing.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

Purpose: TypeAlias = Literal["advertising", "analytics", "marketing", "personalization"]
PURPOSES: tuple[Purpose, ...] = ("advertising", "analytics", "marketing", "personalization")

_GPC = "gpc"
# The names consent tools and Google's consent mode use for the four purposes.
_CATEGORIES: Mapping[str, Purpose] = {
    "advertising": "advertising",
    "targeting": "advertising",
    "ad_storage": "advertising",
    "ad_user_data": "advertising",
    "ad_personalization": "advertising",
    "analytics": "analytics",
    "statistics": "analytics",
    "performance": "analytics",
    "measurement": "analytics",
    "analytics_storage": "analytics",
    "marketing": "marketing",
    "email": "marketing",
    "newsletter": "marketing",
    "personalization": "personalization",
    "personalisation": "personalization",
    "personalization_storage": "personalization",
}


def stamp(context_consent: Mapping[str, Any] | None, gpc: bool) -> str:
    """The stamp of an event with this `context.consent` object and this `Sec-GPC` header.

    As in Segment's consent object: without one nothing is said; with one, several categories of a purpose must all be
    true, and a purpose it does not name is refused, so that an empty object refuses everything.
    """
    said = [] if context_consent is None else [_token(purpose, context_consent) for purpose in PURPOSES]
    return ",".join([*said, _GPC] if gpc else said)


def read(text: str) -> dict[Purpose, bool]:
    """What a stamp says, by purpose; a purpose it does not name is absent. GPC refuses advertising."""
    tokens = set(text.split(",")) if text else set()
    said: dict[Purpose, bool] = {}
    for purpose in PURPOSES:
        if f"-{purpose}" in tokens:
            said[purpose] = False
        elif purpose in tokens:
            said[purpose] = True
    if _GPC in tokens:
        said["advertising"] = False
    return said


def allows(text: str, purpose: Purpose, asks_first: bool) -> bool:
    """Whether an event with this stamp may be used for the purpose.

    Marketing and advertising always need an explicit yes. Where nothing is said, analytics and personalization are
    allowed unless the store asks first. GPC switches off what builds on a profile, whatever else is said.
    """
    if purpose == "personalization" and _GPC in text.split(","):
        return False
    said = read(text).get(purpose)
    if said is not None:
        return said
    return purpose in ("analytics", "personalization") and not asks_first


def _token(purpose: Purpose, context_consent: Mapping[str, Any]) -> str:
    preferences = context_consent.get("categoryPreferences", context_consent)
    named = preferences.items() if isinstance(preferences, Mapping) else ()
    values = [value for name, value in named if _CATEGORIES.get(str(name).strip().lower()) == purpose]
    granted = bool(values) and all(value is True or value == "granted" for value in values)
    return purpose if granted else f"-{purpose}"
