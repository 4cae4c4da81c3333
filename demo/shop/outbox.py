"""Deliveries that have to reach Regulars: written in the transaction of what they report, sent later, each once.

A delivery id is made from what it reports, so writing the same report twice leaves one delivery.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from demo.shop.clock import Instant

MOST_ATTEMPTS = 15
LONGEST_WAIT = 300_000  # milliseconds


@dataclass(frozen=True)
class Delivery:
    """One webhook that is due. `attempts` counts the failed ones."""

    number: int
    delivery_id: str
    topic: str
    body: str
    attempts: int


def write(connection: sqlite3.Connection, *, topic: str, delivery_id: str, body: dict[str, Any], now: Instant) -> None:
    """Note a delivery in the caller's transaction; one that is already noted is left as it is."""
    connection.execute(
        "INSERT INTO delivery (delivery_id, topic, body, created_at, next_at) VALUES (?1, ?2, ?3, ?4, ?4) "
        "ON CONFLICT (delivery_id) DO NOTHING",
        (delivery_id, topic, json.dumps(body, ensure_ascii=False, separators=(",", ":")), now),
    )


def due(connection: sqlite3.Connection, now: Instant, limit: int) -> list[Delivery]:
    """Return deliveries to send now. What buyers wait for goes before the catalogue; else the oldest first."""
    rows = connection.execute(
        "SELECT number, delivery_id, topic, body, attempts FROM delivery WHERE next_at <= ? "
        "ORDER BY topic = 'product.updated', number LIMIT ?",
        (now, limit),
    )
    return [Delivery(**dict(row)) for row in rows]


def settle_sent(connection: sqlite3.Connection, delivery: Delivery, now: Instant) -> None:
    """Note that a delivery was taken."""
    connection.execute(
        "UPDATE delivery SET sent_at = ?, next_at = NULL, error = NULL, attempts = attempts + 1 WHERE number = ?",
        (now, delivery.number),
    )


def settle_failed(connection: sqlite3.Connection, delivery: Delivery, error: str, now: Instant, wait: int) -> None:
    """Note a failed attempt; the next comes after `wait` milliseconds, and after the fifteenth there is none."""
    next_at = None if is_last(delivery) else now + wait
    connection.execute(
        "UPDATE delivery SET attempts = attempts + 1, next_at = ?, error = ? WHERE number = ?",
        (next_at, error, delivery.number),
    )


def is_last(delivery: Delivery) -> bool:
    """Return whether a delivery that fails now is given up."""
    return delivery.attempts + 1 >= MOST_ATTEMPTS


def backoff(attempts: int) -> int:
    """Return how many milliseconds to wait after so many failed attempts: 0.5 s, doubling, at most five minutes."""
    return int(min(500 * 2**attempts, LONGEST_WAIT))
