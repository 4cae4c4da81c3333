"""Instants: what a text may say, and the ends of time."""

import pytest

from core import clock


@pytest.mark.parametrize(
    "text", ["soon", "", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(clock.UnreadableTime):
        clock.parse(text)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"])
@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
def test_the_first_and_the_last_instant_have_a_local_day(text: str, zone: str) -> None:
    instant = clock.parse(text)
    assert clock.iso(instant) == text.replace("Z", ".000Z")
    assert abs((clock.local_day(instant, zone) - clock.local_day(instant, "UTC")).days) <= 1
