"""The outbox: once, in order, and honest about what it does not know."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from core import clock, settings
from core.db import Database, Session
from core.log import Filter, read
from crm.messaging import service
from crm.messaging.checks import CHECKS
from crm.messaging.schemas import Message, NewMessage, Rendered
from crm.messaging.sending import LEASE, MOST_ATTEMPTS, Sender
from crm.messaging.transports import FileTransport, NullTransport, Refused, SmtpTransport, Transport, UnknownResult
from tests.conftest import NOON, free_port


def a_message(step: str = "shipped", rank: int = 1, subject: str = "parcel:1") -> NewMessage:
    return NewMessage(
        store_id=1, subject=subject, step=step, rank=rank, person_id=7, recipient="ines@example.org", data={}, queued_at=NOON, cause=3
    )  # fmt: skip


def render(_: Session, message: Message) -> Rendered:
    return Rendered(subject_line=f"It is {message.step}", text="Grüße\n", html="<p>Grüße</p>", sender="Kettle Lane")


RENDERERS = dict.fromkeys(("order confirmed", "shipped", "out for delivery", "delivered"), render)


class Remembering:
    """A transport that keeps what it was given, and fails as it is told."""

    is_repeatable = False

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.sent: list[str] = []

    def send(self, *, key: str, sender: str, recipient: str, mime: bytes) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(mime.decode())


def a_sender(database: Database, transport: Transport, owner: str = "me") -> Sender:
    loaded = settings.load(
        {"REGULARS_SECRET_KEY": "k" * 40, "REGULARS_HOME": "/nonexistent", "REGULARS_BASE_URL": "https://crm.example"}
    )
    return Sender(database=database, settings=loaded, renderers=RENDERERS, transport=transport, owner=owner)


def queue(database: Database, *messages: NewMessage) -> None:
    with database.write() as session:
        service.queue(session, list(messages))


def states(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        assert [sentence for check in CHECKS for sentence in check.run(session)] == []
        return sorted((found.step, found.state, found.reason) for found in service.messages(session, 1))


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def test_a_message_is_sent_once_and_told_to_the_log(database: Database) -> None:
    transport = Remembering()
    queue(database, a_message(), a_message())
    queue(database, a_message())
    assert a_sender(database, transport).send_due() == 1
    assert a_sender(database, transport).send_due() == 0
    assert states(database) == [("shipped", "sent", "")]
    assert len(transport.sent) == 1
    with database.read() as session:
        assert [event.name for event in read(session, Filter(store_id=1))] == ["message sent"]


def test_the_mail_has_both_bodies_and_a_stable_id(database: Database) -> None:
    transport = Remembering()
    queue(database, a_message())
    a_sender(database, transport).send_due()
    mail = transport.sent[0]
    assert "Subject: It is shipped" in mail
    assert "Auto-Submitted: auto-generated" in mail
    assert "@crm.example>" in mail
    assert mail.count("Gr=C3=BC=C3=9Fe") == 2


def test_a_later_milestone_makes_an_earlier_one_pointless(database: Database) -> None:
    queue(database, a_message("out for delivery", 2), a_message("delivered", 3), a_message("delivered", 3, "parcel:2"))
    a_sender(database, Remembering()).send_due()
    assert states(database) == [
        ("delivered", "sent", ""),
        ("delivered", "sent", ""),
        ("out for delivery", "skipped", "“delivered” came first"),
    ]


def test_a_suppressed_address_gets_nothing(database: Database) -> None:
    transport = Remembering()
    with database.write() as session:
        service.suppress(session, 1, "Ines@Example.org ", "hard bounce")
    queue(database, a_message())
    a_sender(database, transport).send_due()
    assert states(database) == [("shipped", "skipped", "the address is suppressed: hard bounce")]
    assert transport.sent == []


def test_a_clear_no_for_now_is_tried_again_later_with_the_same_bytes(database: Database) -> None:
    transport = Remembering(Refused("450 try later", is_final=False))
    queue(database, a_message())
    sender = a_sender(database, transport)
    sender.send_due()
    assert states(database) == [("shipped", "queued", "450 try later")]
    with clock.frozen(NOON + 29 * clock.SECOND):
        assert sender.send_due() == 0
    with clock.frozen(NOON + 30 * clock.SECOND):
        assert sender.send_due() == 1
    assert states(database) == [("shipped", "sent", "")]


def test_a_final_no_fails(database: Database) -> None:
    queue(database, a_message())
    a_sender(database, Remembering(Refused("550 no such user", is_final=True))).send_due()
    assert states(database) == [("shipped", "failed", "550 no such user")]


def test_patience_ends(database: Database) -> None:
    transport = Remembering(*(Refused("450 try later", is_final=False) for _ in range(MOST_ATTEMPTS)))
    queue(database, a_message())
    for day in range(MOST_ATTEMPTS):
        with clock.frozen(NOON + day * clock.DAY):
            a_sender(database, transport).send_due()
    assert states(database) == [("shipped", "failed", "450 try later")]


def test_an_unknown_result_is_never_resent_by_itself(database: Database) -> None:
    transport = Remembering(UnknownResult("the connection broke"))
    queue(database, a_message())
    a_sender(database, transport).send_due()
    with clock.frozen(NOON + clock.DAY):
        assert a_sender(database, transport).send_due() == 0
    assert states(database) == [("shipped", "unknown", "the connection broke")]
    with database.write() as session:
        [found] = service.messages(session, 1)
        assert service.send_again(session, 1, found.message_id)
        assert not service.send_again(session, 1, found.message_id)
    a_sender(database, transport).send_due()
    assert states(database) == [("shipped", "sent", "")]


class _Killed(BaseException):
    """The process dies here."""


class Killed:
    """A transport in which the process dies."""

    def __init__(self, *, is_repeatable: bool) -> None:
        self.is_repeatable = is_repeatable

    def send(self, *, key: str, sender: str, recipient: str, mime: bytes) -> None:
        raise _Killed


def test_a_worker_lost_while_handing_over_leaves_an_unknown_result(database: Database) -> None:
    queue(database, a_message())
    with pytest.raises(_Killed):
        a_sender(database, Killed(is_repeatable=False)).send_due()
    later = Remembering()
    a_sender(database, later, "other").send_due()
    assert later.sent == []
    with clock.frozen(NOON + LEASE + 1):
        a_sender(database, later, "other").send_due()
    assert states(database) == [("shipped", "unknown", "the worker was lost while handing the mail over")]
    assert later.sent == []


def test_where_repeating_is_harmless_it_is_repeated(database: Database) -> None:
    queue(database, a_message())
    with pytest.raises(_Killed):
        a_sender(database, Killed(is_repeatable=True)).send_due()
    with clock.frozen(NOON + LEASE + 1):
        a_sender(database, NullTransport(), "other").send_due()
    assert states(database) == [("shipped", "sent", "")]


def test_messages_of_one_instant_are_all_on_some_page(database: Database) -> None:
    queue(database, *(a_message(subject=f"parcel:{number}") for number in range(5)))
    with database.read() as session:
        seen: list[str] = []
        cursor = None
        while page := service.messages(session, 1, cursor=cursor, limit=2):
            seen.extend(found.subject for found in page)
            cursor = service.cursor_after(page[-1])
    assert sorted(seen) == [f"parcel:{number}" for number in range(5)]


def test_a_template_that_fails_is_shown_and_blocks_nobody(database: Database) -> None:
    queue(database, a_message("unheard of", 1), a_message())
    a_sender(database, Remembering()).send_due()
    assert states(database) == [("shipped", "sent", ""), ("unheard of", "failed", "could not be rendered: KeyError")]


@pytest.mark.parametrize(
    ("recipient", "failure", "outcome"),
    [
        ("ines@example.org\r\nBcc: everybody@example.org", None, ("failed", "could not be rendered: ValueError")),
        ("ines@example.org", RuntimeError("a fault"), ("unknown", "the transport failed: RuntimeError")),
    ],
)
def test_a_mail_that_cannot_be_made_or_handed_over_blocks_nobody(
    database: Database, recipient: str, failure: Exception | None, outcome: tuple[str, str]
) -> None:
    transport = Remembering(*([failure] if failure else []))
    queue(database, replace(a_message("delivered", subject="parcel:0"), recipient=recipient, queued_at=NOON - 1))
    queue(database, a_message())
    a_sender(database, transport).send_due()
    assert states(database) == [("delivered", *outcome), ("shipped", "sent", "")]
    assert len(transport.sent) == 1


class Inbox:
    """A handler of aiosmtpd that keeps or refuses."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.mails: list[bytes] = []

    async def handle_QUIT(self, server: object, session: object, envelope: object) -> str:
        return "421 going away"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.mails.append(envelope.content)  # type: ignore[attr-defined]
        return self.answer


@pytest.mark.parametrize(("answer", "state"), [("250 OK", "sent"), ("451 later", "queued"), ("554 never", "failed")])
def test_a_real_smtp_server_is_believed(sqlite_database: Database, answer: str, state: str) -> None:
    inbox = Inbox(answer)
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        queue(sqlite_database, a_message())
        a_sender(sqlite_database, SmtpTransport(f"smtp://127.0.0.1:{port}")).send_due()
    finally:
        controller.stop()
    assert states(sqlite_database)[0][1] == state
    assert len(inbox.mails) == 1


def test_no_server_at_all_is_a_clear_no(sqlite_database: Database) -> None:
    queue(sqlite_database, a_message())
    a_sender(sqlite_database, SmtpTransport("smtp://127.0.0.1:1")).send_due()
    assert states(sqlite_database)[0][1] == "queued"


def test_files_are_written_whole(sqlite_database: Database, tmp_path: Path) -> None:
    queue(sqlite_database, a_message())
    a_sender(sqlite_database, FileTransport(f"file://{tmp_path}/mail")).send_due()
    [path] = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert b"It is shipped" in path.read_bytes()
