"""The mailbox: every message, each as its buyer sees it, and sending one again."""

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from core import ids
from core.db import Database
from crm.messaging import service as messaging
from crm.messaging.schemas import Message
from tests.console.pages.test_rules import audited, send, text_of

Enter = Callable[[str], TestClient]


def messages(database: Database, *states: str, search: str = "") -> list[Message]:
    with database.read() as session:
        return messaging.messages(session, 1, search=search, states=states or None, limit=500)  # type: ignore[arg-type]


def address(message: Message) -> str:
    return f"/console/order-news/{ids.public('m', message.message_id)}"


def test_the_list_says_what_went_wrong_and_narrows(enter: Enter, shop_database: Database) -> None:
    client = enter("tom")
    page = client.get("/console/order-news")
    assert "2 mails could not be sent." in text_of(page.text)
    assert re.search(r'<span class="count alert">2', page.text)
    broken = text_of(client.get("/console/order-news?view=broken").text)
    assert "Could not be sent 550 mailbox unavailable" in broken
    assert "Perhaps sent the connection broke" in broken
    assert "Thank you for your order 10482" in client.get("/console/order-news?q=ines0@").text
    assert "No message matches." in client.get("/console/order-news?q=nobody@").text


def test_a_message_is_shown_in_a_frame_without_rights(enter: Enter, shop_database: Database) -> None:
    client = enter("tom")
    message = next(one for one in messages(shop_database, "sent", search="ines0") if one.step == "out for delivery")
    page = client.get(address(message))
    assert "Because parcel P10482 reached “Out for delivery”." in text_of(page.text)
    assert f'sandbox="" src="{address(message)}/mail?look=light"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    mail = client.get(f"{address(message)}/mail?look=light")
    policy = mail.headers["content-security-policy"]
    assert "sandbox;" in policy
    assert "img-src 'self' https: http: data:" in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert "style-src 'unsafe-inline'" not in page.headers["content-security-policy"]


def test_the_mail_is_shown_as_light_and_dark_programs_do(enter: Enter, shop_database: Database) -> None:
    client, message = enter("tom"), messages(shop_database, "sent")[0]
    light, dark = (client.get(f"{address(message)}/mail?look={look}").text for look in ("light", "dark"))
    assert "prefers-color-scheme: dark" not in light + dark
    assert "@media not all" in light
    assert "@media all" in dark


def test_the_text_is_shown_as_it_was_sent(enter: Enter, shop_database: Database) -> None:
    client, message = enter("tom"), messages(shop_database, "sent", search="ines0")[0]
    assert message.body_text is not None
    page = client.get(f"{address(message)}?look=text").text
    assert message.body_text.splitlines()[0] in page
    assert "<iframe" not in page


def test_a_skipped_message_says_why(enter: Enter, shop_database: Database) -> None:
    client, message = enter("tom"), messages(shop_database, "skipped")[0]
    text = text_of(client.get(address(message)).text)
    assert "It was not sent: “out for delivery” came first." in text
    assert client.get(f"{address(message)}/mail").status_code == 404


def test_sending_again_asks_first_and_is_written_down(enter: Enter, shop_database: Database) -> None:
    client, message = enter("ada"), messages(shop_database, "unknown")[0]
    question = text_of(client.get(f"{address(message)}/again").text)
    assert "It may have arrived the first time; then it arrives twice." in question
    assert send(client, f"{address(message)}/again", {}).status_code == 303
    assert messages(shop_database, "unknown") == []
    assert messages(shop_database, "queued", search=message.recipient)[0].message_id == message.message_id
    assert audited(shop_database)[0][0] == "message sent again"


def test_what_was_sent_is_not_sent_again(enter: Enter, shop_database: Database) -> None:
    client, message = enter("ada"), messages(shop_database, "sent")[0]
    assert client.get(f"{address(message)}/again").status_code == 303
    send(client, f"{address(message)}/again", {})
    assert messages(shop_database, "queued") == []
    assert all(action != "message sent again" for action, _subject, _actor in audited(shop_database))


def test_a_viewer_sends_nothing(enter: Enter, shop_database: Database) -> None:
    client, message = enter("tom"), messages(shop_database, "failed")[0]
    assert "Send again" not in client.get(address(message)).text
    assert send(client, f"{address(message)}/again", {}).status_code == 403


def test_unknown_messages_are_not_found(enter: Enter) -> None:
    client = enter("tom")
    assert client.get("/console/order-news/m_123").status_code == 404
    assert client.get("/console/order-news/nonsense").status_code == 404
