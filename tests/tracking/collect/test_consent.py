"""Consent stamps."""

import pytest

from tracking.collect import consent

ALL_REFUSED = "-advertising,-analytics,-marketing,-personalization"


@pytest.mark.parametrize(
    ("said", "gpc", "stamp"),
    [
        (None, False, ""),
        (None, True, "gpc"),
        ({}, False, ALL_REFUSED),
        ({"categoryPreferences": {}}, True, f"{ALL_REFUSED},gpc"),
        ({"analytics": True, "Personalization": "granted"}, False, "-advertising,analytics,-marketing,personalization"),
        ({"categoryPreferences": {"analytics": True, "statistics": False}}, False, ALL_REFUSED),
        ({"categoryPreferences": {"analytics": "yes"}}, False, ALL_REFUSED),
        ({"categoryPreferences": "all"}, False, ALL_REFUSED),
        ({"categoryPreferences": {"newsletter": True, "unheard of": True}}, False,
         "-advertising,-analytics,marketing,-personalization"),
    ],
)  # fmt: skip
def test_stamps(said: dict[str, object] | None, gpc: bool, stamp: str) -> None:
    assert consent.stamp(said, gpc) == stamp


@pytest.mark.parametrize(
    ("stamp", "asks_first", "allowed"),
    [
        ("", False, {"analytics", "personalization"}),
        ("", True, set()),
        ("gpc", False, {"analytics"}),
        ("-analytics", False, {"personalization"}),
        ("analytics,personalization", True, {"analytics", "personalization"}),
        ("personalization,marketing,gpc", False, {"analytics", "marketing"}),
        ("advertising,gpc", False, {"analytics"}),
        ("advertising", False, {"advertising", "analytics", "personalization"}),
    ],
)
def test_what_a_stamp_allows(stamp: str, asks_first: bool, allowed: set[str]) -> None:
    assert {purpose for purpose in consent.PURPOSES if consent.allows(stamp, purpose, asks_first)} == allowed


def test_a_stamp_fits_its_column() -> None:
    assert len(consent.stamp({}, gpc=True)) <= 120
