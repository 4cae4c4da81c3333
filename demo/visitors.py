"""The living shop: a few simulated visitors keep browsing, as browsers would, so that somebody is always in the shop."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from heapq import heappop, heappush

import httpx2
import jwt
import msgspec

from core import clock
from core.clock import SECOND, Instant
from demo.history.calls import CallWriter
from demo.history.errors import HistoryError
from demo.history.sending import Doors, basic, post
from demo.simulator.live import LiveVisits
from demo.simulator.occurrences import Browsed

VISITS_PER_SECOND = 0.35
# About five calls a visit, half a minute apart: some fifty people at a time, one to two calls a second.
MOST_WAITING_CALLS = 1_000
TOKEN_SECONDS = 3600

Visit = tuple[Browsed, ...]


class LivingShop:
    """Plays visits in real time until `is_over` says so. At most MOST_WAITING_CALLS are planned at any time."""

    def __init__(self, http: httpx2.AsyncClient, doors: Doors, visits: LiveVisits, writer: CallWriter) -> None:
        self._http = http
        self._doors = doors
        self._visits = visits
        self._writer = writer
        self._waiting: list[tuple[Instant, str, Browsed]] = []

    async def run(self, is_over: Callable[[], bool]) -> None:
        next_visit = clock.now()
        while not is_over():
            now = clock.now()
            if now >= next_visit:
                next_visit = now + int(self._visits.pause(VISITS_PER_SECOND) * SECOND)
                self._plan(self._visits.begin(now))
            await self._send_due(now)
            await asyncio.sleep(max(0.05, (self._next_call(next_visit) - clock.now()) / SECOND))

    def _plan(self, visit: Visit) -> None:
        if len(self._waiting) + len(visit) <= MOST_WAITING_CALLS:
            for call in visit:
                heappush(self._waiting, (call.at, call.message_id, call))

    def _next_call(self, next_visit: Instant) -> Instant:
        return min(next_visit, self._waiting[0][0]) if self._waiting else next_visit

    async def _send_due(self, now: Instant) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            browsed = heappop(self._waiting)[2]
            # A page that could not be reached is a visitor lost, nothing more: the next one comes anyway.
            with suppress(HistoryError):
                await post(self._http, "/v1/batch", self._body(browsed), partial(basic, self._doors.write_key))

    def _body(self, browsed: Browsed) -> bytes:
        """A snippet's request: the write key's call, with the shop's signed word for who is signed in."""
        call = msgspec.to_builtins(self._writer.write(browsed))
        document: Mapping[str, object] = {"batch": [call], "sentAt": clock.iso(clock.now())}
        if browsed.user_id is not None:
            document = {**document, "identityToken": self._identity_token(browsed.user_id)}
        return msgspec.json.encode(document)

    def _identity_token(self, user_id: str) -> str:
        now = clock.now() // SECOND
        claims = {"aud": str(self._doors.store_id), "sub": user_id, "iat": now, "exp": now + TOKEN_SECONDS}
        return jwt.encode(claims, self._doors.secret_key, algorithm="HS256")
