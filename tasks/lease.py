"""A leader lease: held by one process at a time, taken over when its holder has been silent."""

from sqlalchemy import select, update

from core import clock, ids
from core.db import Database, upsert
from core.models import LeaseRow

_LIFE = 10 * clock.SECOND


class Lease:
    """`hold()` says whether this process leads now; it asks the database at most every few seconds."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._owner = ids.new()
        self._until = 0

    def hold(self) -> bool:
        """Renew or take the lease; False while another process holds it."""
        now = clock.now()
        if self._until - now > _LIFE // 2:
            return True
        self._until = now + _LIFE if self._take(now) else 0
        return self._until > 0

    def _take(self, now: int) -> bool:
        row = LeaseRow.__table__
        with self._database.write() as session:
            upsert(session, LeaseRow, [{"name": self._name, "owner": "", "until": 0}], key=("name",))
            session.execute(
                update(LeaseRow)
                .where(row.c.name == self._name, (row.c.owner == self._owner) | (row.c.until < now))
                .values(owner=self._owner, until=now + _LIFE)
            )
            owner = session.execute(select(row.c.owner).where(row.c.name == self._name)).scalar_one()
        return bool(owner == self._owner)
