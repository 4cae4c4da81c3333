"""Requests to Regulars as a careful client makes them: busy and broken answers are tried again, with the same ids."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import httpx2

from core import clock
from demo.history.calls import Batch
from demo.history.deliveries import Delivery
from demo.history.errors import Refused, Unreachable

CONNECTIONS = 4
ATTEMPTS = 12
FIRST_WAIT, LONGEST_WAIT = 0.1, 3.0  # seconds
TIMEOUT = 30.0  # seconds
BUSY = (408, 429, 500, 502, 503, 504)

Headers = Mapping[str, str]
Counted = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where Regulars is and what opens it; keys as `regulars store create` printed them."""

    base_url: str
    store_id: int
    write_key: str
    api_key: str
    secret_key: str


def client(doors: Doors, transport: httpx2.AsyncBaseTransport | None = None) -> httpx2.AsyncClient:
    """A client with a few kept connections; close it after use."""
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    return httpx2.AsyncClient(
        base_url=doors.base_url, limits=limits, timeout=TIMEOUT, transport=transport, trust_env=False
    )


async def send_batches(http: httpx2.AsyncClient, doors: Doors, batches: Sequence[Batch], counted: Counted) -> None:
    """Post `/v1/import` bodies over a few connections; `counted` hears the size of each once it is stored."""
    headers = {"api": basic(doors.api_key), "write": basic(doors.write_key)}
    waiting = iter(batches)
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_send_from(http, headers, waiting, counted))


async def _send_from(
    http: httpx2.AsyncClient, headers: Mapping[str, Headers], waiting: Iterator[Batch], counted: Counted
) -> None:
    for batch in waiting:
        await post(http, "/v1/import", batch.body, partial(headers.__getitem__, batch.key))
        counted(batch.size)


async def send_deliveries(
    http: httpx2.AsyncClient, doors: Doors, deliveries: Sequence[Delivery], counted: Counted
) -> None:
    """Post webhooks one after the other, in the order in which things happened."""
    for delivery in deliveries:
        await post(http, f"/webhooks/generic/{doors.store_id}", delivery.body, partial(_signed, delivery, doors))
        counted(1)


def _signed(delivery: Delivery, doors: Doors) -> Headers:
    return delivery.headers(doors.secret_key, now=clock.now())


async def post(http: httpx2.AsyncClient, path: str, body: bytes, headers: Callable[[], Headers]) -> httpx2.Response:
    """Post until it is taken; `headers` is asked anew for each attempt. Raises Refused or Unreachable."""
    wait = FIRST_WAIT
    for _ in range(ATTEMPTS):
        try:
            response = await http.post(path, content=body, headers=dict(headers()))
        except httpx2.TransportError:
            await asyncio.sleep(wait)
        else:
            if response.status_code not in BUSY:
                return _accepted(response)
            await asyncio.sleep(max(wait, _asked_wait(response)))
        wait = min(2 * wait, LONGEST_WAIT)
    raise Unreachable(path)


def _accepted(response: httpx2.Response) -> httpx2.Response:
    if not response.is_success:
        raise Refused(str(response.url), response.status_code, response.text)
    return response


def _asked_wait(response: httpx2.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), 10 * LONGEST_WAIT) if asked.isdigit() else 0.0


def basic(key: str) -> Headers:
    """Headers of a Segment SDK: the key as the user of HTTP Basic, an empty password."""
    return {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(), "Content-Type": "application/json"}


def bearer(key: str) -> Headers:
    """Headers of the REST API."""
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
