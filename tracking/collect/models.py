"""What could not be taken, with the reason."""

from sqlalchemy import LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class RefusedEvent(Base):
    """An item of a readable request that cannot stand in the log."""

    __tablename__ = "refused_event"
    __kind__ = "machine"
    __subject__ = "body"

    refused_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=True)
    store_id: Mapped[int] = mapped_column(SmallInteger, index=True)
    source: Mapped[str] = mapped_column(String(40))
    at: Mapped[int] = mapped_column(BigSerial)
    reason: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary)
