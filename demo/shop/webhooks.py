"""Sending what stands in the outbox to Regulars: signed anew at each attempt, repeated until it is taken."""

import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from demo.shop import outbox
from demo.shop.database import ShopDatabase
from demo.shop.outbox import Delivery
from demo.shop.settings import ShopSettings

log = logging.getLogger(__name__)

_PATIENCE = 10.0  # seconds for one answer
_BATCH = 20  # so few that an order which is placed meanwhile waits for a fraction of a second only


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Return the signature header: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t." and the body>`."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def headers(delivery: Delivery, secret: str, seconds: int) -> dict[str, str]:
    """Return the headers of one attempt."""
    return {
        "Content-Type": "application/json",
        "X-Regulars-Topic": delivery.topic,
        "X-Regulars-Delivery": delivery.delivery_id,
        "X-Regulars-Signature": signature(secret, seconds, delivery.body.encode()),
    }


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: taken (no `error`), refused, or Regulars not `reached`. `wait` is in milliseconds."""

    delivery: Delivery
    error: str | None = None
    reached: bool = True
    wait: int = 0


class Sender:
    """Empties the outbox, one delivery after the other."""

    def __init__(
        self, settings: ShopSettings, database: ShopDatabase, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._database = database
        self._client = httpx2.Client(timeout=_PATIENCE, transport=transport)

    def sweep(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Send what is due and return how many were taken; stop early when Regulars cannot be reached at all."""
        taken = 0
        while not stopped():
            with self._database.read() as connection:
                waiting = outbox.due(connection, self._settings.clock(), _BATCH)
            outcomes = self._attempt_all(waiting)
            self._settle(outcomes)
            taken += sum(outcome.error is None for outcome in outcomes)
            if not all(outcome.reached for outcome in outcomes) or len(waiting) < _BATCH:
                break
        return taken

    def close(self) -> None:
        """Close the connection to Regulars."""
        self._client.close()

    def _attempt_all(self, waiting: list[Delivery]) -> list[Outcome]:
        """Send these one after the other, until one does not reach Regulars."""
        outcomes: list[Outcome] = []
        for delivery in waiting:
            outcomes.append(self._attempt(delivery))
            if not outcomes[-1].reached:
                break
        return outcomes

    def _attempt(self, delivery: Delivery) -> Outcome:
        wait = outbox.backoff(delivery.attempts)
        try:
            response = self._client.post(
                self._settings.webhook_url,
                content=delivery.body.encode(),
                headers=headers(delivery, self._settings.secret_key, self._settings.clock() // 1000),
            )
        except httpx2.TransportError as error:
            return Outcome(delivery, f"not reached: {error}", reached=False, wait=wait)
        if response.is_success:
            return Outcome(delivery)
        asked = response.headers.get("Retry-After", "")
        return Outcome(
            delivery, f"answered {response.status_code}", wait=max(wait, int(asked) * 1000 if asked.isdigit() else 0)
        )

    def _settle(self, outcomes: list[Outcome]) -> None:
        """Note all outcomes at once. Dying before this sends some again, which their ids make harmless."""
        now = self._settings.clock()
        with self._database.write() as connection:
            for outcome in outcomes:
                if outcome.error is None:
                    outbox.settle_sent(connection, outcome.delivery, now)
                else:
                    _log(outcome)
                    outbox.settle_failed(connection, outcome.delivery, outcome.error, now, outcome.wait)


def _log(outcome: Outcome) -> None:
    level = logging.ERROR if outbox.is_last(outcome.delivery) else logging.INFO
    log.log(level, "webhook %s: %s", outcome.delivery.delivery_id, outcome.error)
