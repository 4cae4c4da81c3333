"""When people shop: the year, the week and the day of Kettle Lane, in the shop's own time zone."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.clock import HOUR

# Monday first. Sunday evening is when slow mornings are planned.
WEEKDAYS = np.array([1.00, 0.95, 0.95, 1.00, 0.92, 0.98, 1.25])
# January first; the peak before Christmas comes on top.
MONTHS = np.array([0.92, 0.94, 0.98, 0.98, 0.96, 0.88, 0.82, 0.86, 0.96, 1.04, 1.16, 1.18])
# Local hour 0 to 23: a lunch hump and a long evening.
HOURS = np.array(
    [5, 2, 1, 1, 1, 2, 6, 14, 22, 30, 34, 36, 44, 38, 32, 32, 36, 44, 58, 76, 92, 90, 58, 22], dtype=np.float64
)
GIFTS = {"candle": 0.9, "lamp": 0.5, "cushion": 0.5, "teapot": 0.4, "tin": 0.6, "mug": 0.3}
SPRING = {"plant": 0.9, "vase": 0.7, "bottle": 0.3}


def busyness(day: date) -> float:
    """How many visits this day has beside an ordinary one (1.0)."""
    return float(WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * (1.0 + 1.5 * christmas(day)))


def christmas(day: date) -> float:
    """0 outside the season, 1 on the busiest days in the second week of December."""
    distance = (day - date(day.year, 12, 11)).days
    return float(np.exp(-((distance / 9.0) ** 2))) if day.month >= 11 and day <= date(day.year, 12, 23) else 0.0


def spring(day: date) -> float:
    distance = (day - date(day.year, 4, 20)).days
    return float(np.exp(-((distance / 28.0) ** 2)))


def seasonal_weights(day: date, kinds: NDArray[np.int64], kind_names: tuple[str, ...]) -> NDArray[np.float64]:
    """Factor per product by which its choice becomes likelier on this day."""
    lifts = np.array(
        [GIFTS.get(name, 0.0) * christmas(day) + SPRING.get(name, 0.0) * spring(day) for name in kind_names]
    )
    weights: NDArray[np.float64] = np.exp(lifts).round(6)[kinds]
    return weights


def moments(generator: np.random.Generator, number: int) -> NDArray[np.int64]:
    """`number` offsets into a day in milliseconds, sorted, most of them in the evening."""
    shares = (HOURS / HOURS.sum()).cumsum()
    hours = np.searchsorted(shares, generator.random(number), side="right").clip(0, 23)
    offsets = (hours + generator.random(number)) * HOUR
    return np.sort(offsets.astype(np.int64))
