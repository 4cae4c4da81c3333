"""Carriers' own pages about a number."""

import json
from pathlib import Path

import pytest

from tracking.parcels.carriers import tracking_url


@pytest.mark.parametrize(
    ("carrier", "number", "url"),
    [
        (
            "DHL",
            "00340434161094042557",
            "https://www.dhl.com/global-en/home/tracking.html?tracking-id=00340434161094042557",
        ),
        ("dhl_express", "1234567890", "https://www.dhl.com/global-en/home/tracking.html?tracking-id=1234567890"),
        ("Royal Mail", "AB 1", "https://www.royalmail.com/track-your-item#/tracking-results/AB%201"),
        ("Slow Lane Parcels", "SL1", None),
        ("UPS", None, None),
        (None, "1Z", None),
    ],
)
def test_the_page_of_a_number(carrier: str | None, number: str | None, url: str | None) -> None:
    assert tracking_url(carrier, number) == url


def test_every_carrier_of_the_data_set_with_a_page_has_one(test_data: Path) -> None:
    missing = []
    for path in sorted((test_data / "tracking_numbers" / "couriers").glob("*.json")):
        courier = json.loads(path.read_text())
        if any(kind.get("tracking_url") for kind in courier["tracking_numbers"]) and not tracking_url(
            courier["name"], "1"
        ):
            missing.append(courier["name"])
    assert missing == []
