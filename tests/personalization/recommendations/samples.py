"""Small interactions that tests can compute by hand."""

import numpy as np

from core.clock import DAY, MINUTE
from personalization.recommendations.interactions import Interactions, Kind, from_arrays
from personalization.recommendations.products import Products

BEGIN = 1_760_000_000_000


def shop(rows: list[tuple[int, str, Kind, int]], products: Products | None = None) -> Interactions:
    """Interactions of (person, product, kind, minutes after the beginning)."""
    return from_arrays(
        people=np.array([row[0] for row in rows], np.int64),
        items=[row[1] for row in rows],
        kinds=np.array([row[2] for row in rows], np.int8),
        at=np.array([BEGIN + row[3] * MINUTE for row in rows], np.int64),
        products=products,
    )


def visits(*sequences: str, kind: Kind = Kind.VIEW) -> Interactions:
    """One visit per text, a day apart, each by a person of its own; every letter is a product looked at."""
    day = DAY // MINUTE
    rows = [
        (person, letter, kind, person * day + step)
        for person, sequence in enumerate(sequences)
        for step, letter in enumerate(sequence)
    ]
    return shop(rows)


def described(**words: str) -> Products:
    """Products by id with words separated by spaces; the first word is the category."""
    return Products.described((one, one, text.split()[:1], text.split()) for one, text in sorted(words.items()))


def taste_groups(people: int = 60, seed: int = 4) -> Interactions:
    """Two groups of people with separate tastes over ten products each: what a recommender must tell apart."""
    chance = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        for visit in range(3):
            for step in range(4):
                number = int(chance.integers(0, 10)) + 10 * (person % 2)
                kind = Kind.PURCHASE if step >= 2 else Kind.VIEW
                rows.append((person, f"p{number:02}", kind, visit * 1440 * (1 + person % 5) + step))
    words = {f"p{n:02}": f"group{n // 10} thing colour{n % 3}" for n in range(20)}
    return shop(rows, described(**words))
