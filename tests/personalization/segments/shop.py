"""The test shop with segments on top: orders come in, time passes, people enter and leave."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec

from core import clock
from core.clock import Instant
from core.db import Database, Session
from core.log import NewEvent, Runner
from personalization.segments import service
from personalization.segments.schemas import Segment
from tests.conftest import NOON
from tests.tracking import shop
from tracking.people import service as people
from tracking.people.schemas import Identity

ZONE = "Europe/Berlin"


class SegmentShop(shop.Shop):
    """A shop whose clock stands at the last thing it said."""

    def __init__(self, database: Database, store_id: int) -> None:
        super().__init__(database, store_id)
        self.now = NOON
        self.runner = Runner(database, (*shop.REACTIONS, *service.REACTIONS))
        self.runner.prepare()
        with self.write() as session:
            service.create_defaults(session, store_id, time_zone=ZONE)
        self.refresh()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction at the shop's own time."""
        with clock.frozen(self.now), self.database.write() as session:
            yield session

    def buy(self, user: str, order_id: str, total: str = "10.00", *, at: Instant | None = None, **more: object) -> None:
        """A trusted order of one line."""
        self.say(self.bought(user, order_id, total, at=at, **more))

    def bought(
        self, user: str, order_id: str, total: str = "10.00", *, at: Instant | None = None, **more: object
    ) -> NewEvent:
        """What the shop says about an order."""
        at = self.now if at is None else at
        document = shop.order(
            order_id, occurred_at=clock.iso(at), total=total, tax="0", shipping="0", user_id=user, email=None,
            lines=[shop.line("1", "kettle", 1, total)], **more,
        )  # fmt: skip
        return self.document("order received", document, at=at)

    def buy_each(self, totals: Iterable[object]) -> None:
        """One order of each total, by the users u0, u1, …, told at once."""
        self.say(*(self.bought(f"u{number}", f"O{number}", f"{total}.00") for number, total in enumerate(totals)))

    def give_back(self, order_id: str, amount: str) -> None:
        """A refund of an amount."""
        body = shop.refund(f"R{order_id}{amount}", order_id, occurred_at=clock.iso(self.now), amount=amount)
        self.say(self.document("refund received", body, at=self.now))

    def cancel(self, order_id: str) -> None:
        """An order called off."""
        body = {"order_id": order_id, "occurred_at": clock.iso(self.now)}
        self.say(self.document("order cancellation received", body, at=self.now))

    def say(self, *rows: NewEvent) -> None:
        """Put rows into the log, received now, and let every reaction handle them."""
        self.append(*rows)
        self.runner.drain()

    def wait(self, milliseconds: int) -> None:
        """Let time pass and the sweep of due memberships run."""
        self.now += milliseconds
        while True:
            with self.write() as session:
                if not service.refresh_due(session, self.now):
                    break
        self.runner.drain()

    def refresh(self, limit: int = 1_000) -> int:
        """Let whole segments be looked at again; in how many slices."""
        slices = 0
        while True:
            with self.write() as session:
                if not service.refresh_pending(session, self.now, limit):
                    break
            slices += 1
        self.runner.drain()
        return slices

    def look(self) -> int:
        """Let the sweep of people who were seen run once; how many it looked at."""
        with self.write() as session:
            looked_at = service.refresh_seen(session, self.now)
        self.runner.drain()
        return looked_at

    def create(self, name: str, document: object) -> int:
        """A new segment; nobody is in it before `refresh`."""
        with self.write() as session:
            made = service.create(
                session, self.store_id, name=name, description="", document=document, time_zone=ZONE, now=self.now
            )
        return made.segment_id

    def identify(self, user: str, traits: dict[str, object]) -> NewEvent:
        """An identify call of the shop's server."""
        row = self.call("identify", {}, source="server", user_id=user, at=self.now)
        body = msgspec.json.encode({"type": "identify", "traits": traits})
        return msgspec.structs.replace(row, type="identify", body=body)

    def measure(self) -> None:
        """Compute the threshold of the big spenders and let it act."""
        with self.database.read() as session:
            value = service.top_fifth(session, self.store_id)
        if value is not None:
            with self.write() as session:
                service.move_threshold(session, self.store_id, value, self.now)
        self.refresh()

    def person(self, user: str) -> int:
        """The person behind a user id."""
        with self.database.read() as session:
            found = people.resolve(session, self.store_id, [Identity(user_id=user)])[0]
        assert found is not None
        return found

    def segment(self, name: str) -> Segment:
        """A segment by its name."""
        with self.database.read() as session:
            return next(
                one.segment for one in service.list_with_counts(session, self.store_id) if one.segment.name == name
            )

    def of(self, user: str) -> set[str]:
        """The names of the segments a user is in."""
        with self.database.read() as session:
            return {found.name for found, _ in service.segments_of(session, self.store_id, self.person(user))}

    def members(self, name: str) -> set[int]:
        """Who is in a segment."""
        with self.database.read() as session:
            page = service.members(session, self.store_id, self.segment(name).segment_id, limit=200)
        return {member.person_id for member in page.items}

    def counts(self) -> dict[str, int]:
        """Members by segment, those without any left out."""
        with self.database.read() as session:
            found = service.list_with_counts(session, self.store_id)
        return {one.segment.name: one.members for one in found if one.members}
