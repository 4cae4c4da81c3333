import pytest

from core.clock import DAY, HOUR, MINUTE, SECOND
from core.conditions.duration import LONGEST, UnreadableDuration, milliseconds, spoken


@pytest.mark.parametrize(
    ("text", "length", "words"),
    [
        ("P30D", 30 * DAY, "30 days"),
        ("P2W", 14 * DAY, "2 weeks"),
        ("PT36H", 36 * HOUR, "36 hours"),
        ("P1DT12H", 36 * HOUR, "1 day 12 hours"),
        ("PT1M30S", MINUTE + 30 * SECOND, "1 minute 30 seconds"),
        ("P36500D", LONGEST, "36500 days"),
    ],
)
def test_read(text: str, length: int, words: str) -> None:
    assert milliseconds(text) == length
    assert spoken(text) == words


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P0D", "P1M", "P1Y", "30", "P-1D", "P1.5D", "P36501D", "p1d", "P١D", 30, None]
)
def test_refused(text: str) -> None:
    with pytest.raises(UnreadableDuration):
        milliseconds(text)
