"""The ground's own tables beside the log."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class LeaseRow(Base):
    """Who leads something that only one process may do."""

    __tablename__ = "lease"
    __kind__ = "machine"
    __subject__ = None

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[int] = mapped_column(BigSerial)
