"""The people: who they are, on which devices they come, how often, and from when until when."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demo.simulator import names
from demo.simulator.settings import SimulatorSettings

# example.org and its sisters are reserved (RFC 2606): no letter can reach a stranger.
MAIL_HOSTS = ("example.org", "example.net", "example.com")


@dataclass(slots=True)
class Device:
    """A browser with its own anonymous id; once its owner signed in there it knows them."""

    anonymous_id: str
    is_signed_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a buyer tells the shop about themselves."""

    email: str
    first_name: str
    last_name: str
    street: str
    postal_code: str
    city: str
    country: str
    accepts_marketing: bool


@dataclass(slots=True, kw_only=True)
class Shopper:
    """A person in the simulation. Rates are per day; days count from the first simulated day.

    `profile` is None for passers-by. `user_id` is None for guests, who buy with an e-mail address only. `abandoned` is a product left in
    the cart and the day it was left; `at_home` says of each consumable on which day it was bought and how many days it usually lasts.
    """

    number: int
    devices: tuple[Device, ...]
    profile: Profile | None
    user_id: str | None
    accepts_personalization: bool
    arrives_on: int
    leaves_on: int
    conversion: float
    habit: float
    account_age: int
    owned: set[int] = field(default_factory=set)
    orders: int = 0
    abandoned: tuple[int, int] | None = None
    at_home: dict[int, tuple[int, float]] = field(default_factory=dict)

    @property
    def has_account(self) -> bool:
        return self.user_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """`shoppers` holds the buyers first; `visit_rates`, `arrivals` and `departures` have one entry per buyer."""

    shoppers: tuple[Shopper, ...]
    buyers: int
    visit_rates: NDArray[np.float64]
    arrivals: NDArray[np.int64]
    departures: NDArray[np.int64]


def draw_population(
    generator: np.random.Generator, settings: SimulatorSettings, busyness: NDArray[np.float64]
) -> Population:
    """`busyness` has one entry per simulated day: people find the shop when it is busy."""
    people = settings.buyers + settings.passers_by
    arrivals = _arrivals(generator, settings, busyness)
    departures = arrivals + _stays(generator, settings.buyers)
    conversions = generator.beta(2.2, 5.4, people).round(6)
    habits = generator.beta(2.4, 2.6, people).round(6)
    ages = generator.integers(1, 1_000, people)
    returning = generator.random(people) < 0.42
    devices = _devices(generator, people)
    profiles = _profiles(generator, settings.buyers)
    has_account = generator.random(settings.buyers) < 0.76
    agrees = generator.random(people) < 0.94
    shoppers = tuple(
        Shopper(
            number=number,
            devices=devices[number],
            profile=profiles[number] if number < settings.buyers else None,
            user_id=f"u{10_001 + number}" if number < settings.buyers and has_account[number] else None,
            accepts_personalization=bool(agrees[number]),
            arrives_on=int(arrivals[number]) if number < settings.buyers else 0,
            leaves_on=int(departures[number]) if number < settings.buyers else settings.days,
            conversion=float(conversions[number]),
            habit=float(habits[number]),
            account_age=int(ages[number]) if returning[number] else 0,
        )
        for number in range(people)
    )
    rates = (generator.gamma(0.9, 0.0155, settings.buyers) + 0.003).round(6)
    return Population(
        shoppers=shoppers, buyers=settings.buyers, visit_rates=rates, arrivals=arrivals, departures=departures
    )


def _arrivals(
    generator: np.random.Generator, settings: SimulatorSettings, busyness: NDArray[np.float64]
) -> NDArray[np.int64]:
    """A quarter are customers of earlier years who come back in the first ten weeks; the others find the shop over the year."""
    shares = (busyness / busyness.sum()).cumsum()
    over_the_year = np.searchsorted(shares, generator.random(settings.buyers), side="right")
    weeks = min(70, settings.days)
    early = np.searchsorted(shares[:weeks] / shares[weeks - 1], generator.random(settings.buyers), side="right")
    is_old = generator.random(settings.buyers) < 0.25
    return np.where(is_old, early, over_the_year).clip(0, settings.days - 1).astype(np.int64)


def _stays(generator: np.random.Generator, buyers: int) -> NDArray[np.int64]:
    """Days until a buyer loses interest: some soon, many never within the year."""
    return (20 + generator.gamma(1.3, 170.0, buyers)).astype(np.int64)


def _devices(generator: np.random.Generator, people: int) -> list[tuple[Device, ...]]:
    """One device for most, up to three. Their ids look like the snippet's (a UUID's 32 digits) and come from the generator."""
    counts = 1 + (generator.random(people) < 0.34) + (generator.random(people) < 0.12)
    digits = generator.bytes(16 * int(counts.sum())).hex()
    devices: list[tuple[Device, ...]] = []
    first = 0
    for count in counts.tolist():
        devices.append(
            tuple(Device(_uuid(digits[32 * (first + each) : 32 * (first + each + 1)])) for each in range(count))
        )
        first += count
    return devices


def _uuid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _profiles(generator: np.random.Generator, buyers: int) -> list[Profile]:
    first = generator.integers(len(names.FIRST_NAMES), size=buyers).tolist()
    last = generator.integers(len(names.LAST_NAMES), size=buyers).tolist()
    streets = generator.integers(len(names.STREETS), size=buyers).tolist()
    houses = generator.integers(1, 120, size=buyers).tolist()
    places = np.searchsorted(
        np.cumsum([place[3] for place in names.PLACES]), generator.random(buyers), side="right"
    ).clip(0, len(names.PLACES) - 1)
    quarters = generator.integers(0, 60, size=buyers).tolist()
    accepts = (generator.random(buyers) < 0.55).tolist()
    return [
        _profile(
            number,
            first[number],
            last[number],
            f"{names.STREETS[streets[number]]} {houses[number]}",
            place,
            quarter,
            accepts[number],
        )
        for number, (place, quarter) in enumerate(zip(places.tolist(), quarters, strict=True))
    ]


def _profile(
    number: int, first: int, last: int, street: str, place: int, quarter: int, accepts_marketing: bool
) -> Profile:
    country, city, first_code, _share = names.PLACES[place]
    first_name, last_name = names.FIRST_NAMES[first], names.LAST_NAMES[last]
    width = 5 if country in ("DE", "FR") else 4
    return Profile(
        email=f"{first_name}.{last_name}.{number}@{MAIL_HOSTS[number % len(MAIL_HOSTS)]}".lower(),
        first_name=first_name,
        last_name=last_name,
        street=street,
        postal_code=f"{first_code + quarter:0{width}d}",
        city=city,
        country=country,
        accepts_marketing=accepts_marketing,
    )
