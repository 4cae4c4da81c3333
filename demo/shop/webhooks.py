"""Sending what stands in the outbox to Regulars: signed anew at each attempt, repeated until it is taken."""

import hashlib
import hmac
import logging
from collections.abc import Callable

import httpx2

from demo.shop import outbox
from demo.shop.database import ShopDatabase
from demo.shop.outbox import Delivery
from demo.shop.settings import ShopSettings

log = logging.getLogger(__name__)

_PATIENCE = 10.0  # seconds for one answer


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
                delivery = outbox.next_due(connection, self._settings.clock())
            if delivery is None:
                break
            reached, accepted = self._attempt(delivery)
            taken += accepted
            if not reached:
                break
        return taken

    def close(self) -> None:
        """Close the connection to Regulars."""
        self._client.close()

    def _attempt(self, delivery: Delivery) -> tuple[bool, bool]:
        """Send one delivery; return whether Regulars was reached and whether it took it."""
        try:
            response = self._client.post(
                self._settings.webhook_url,
                content=delivery.body.encode(),
                headers=headers(delivery, self._settings.secret_key, self._settings.clock() // 1000),
            )
        except httpx2.TransportError as error:
            self._failed(delivery, f"not reached: {error}", wait=outbox.backoff(delivery.attempts))
            return False, False
        if response.is_success:
            with self._database.write() as connection:
                outbox.settle_sent(connection, delivery, self._settings.clock())
            return True, True
        asked = response.headers.get("Retry-After", "")
        wait = max(outbox.backoff(delivery.attempts), int(asked) * 1000 if asked.isdigit() else 0)
        self._failed(delivery, f"answered {response.status_code}", wait=wait)
        return True, False

    def _failed(self, delivery: Delivery, error: str, *, wait: int) -> None:
        level = logging.ERROR if delivery.attempts + 1 >= outbox.MOST_ATTEMPTS else logging.INFO
        log.log(level, "webhook %s: %s", delivery.delivery_id, error)
        with self._database.write() as connection:
            outbox.settle_failed(connection, delivery, error, self._settings.clock(), wait)
