"""A closed-loop HTTP load generator: one request in flight per client, bodies made beforehand, latencies kept exactly."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import uvloop


@dataclass
class Measured:
    """What a run saw: answers by status, latencies in seconds."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return self.statuses.get(200, 0)

    def percentile(self, share: float) -> float:
        """A percentile of the latencies, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


class _Client(asyncio.Protocol):
    """One connection: sends the next request as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], measured: Measured, until: float, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._measured = measured
        self._until = until
        self._done = done
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop does not inherit from it
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length: ")
        length = int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        self._count(int(head[9:12]))
        self._buffer = b""
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def _count(self, status: int) -> None:
        self._measured.latencies.append(time.perf_counter() - self._sent_at)
        self._measured.statuses[status] = self._measured.statuses.get(status, 0) + 1

    def _next(self) -> None:
        request = next(self._requests, None) if time.perf_counter() < self._until else None
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def request(method: str, path: str, body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """The bytes of one HTTP request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def run(port: int, requests: Iterator[bytes], *, clients: int, seconds: float) -> Measured:
    """Drive the server on `port` for so long, with so many clients."""
    return uvloop.run(_run(port, requests, clients, seconds))


async def _run(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Measured:
    loop, measured = asyncio.get_running_loop(), Measured()
    begun = time.perf_counter()
    waits = []
    for _ in range(clients):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda d=done: _Client(requests, measured, begun + seconds, d), "127.0.0.1", port)
        waits.append(done)
    await asyncio.gather(*waits)
    measured.seconds = time.perf_counter() - begun
    return measured
