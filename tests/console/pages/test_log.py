"""The log: events with their chain, what was set aside and its replay, audit, and how far reactions are."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from console.pages.log.events import pretty
from console.pages.log.set_aside import in_words
from console.services import ConsoleServices
from core.db import Database
from core.log import Filter, Reaction, read, setting_aside
from tests.console.pages.test_orders import rows
from tests.console.pages.test_rules import audited, send, text_of

Enter = Callable[[str], TestClient]


def waiting(database: Database) -> list[int]:
    with database.read() as session:
        return [one.position for one in setting_aside.waiting(session, 1)]


def test_the_log_is_closed_to_viewers(enter: Enter) -> None:
    client = enter("tom")
    for path in ("", "/set-aside", "/audit", "/reactions", "/1"):
        assert client.get(f"/console/log{path}").status_code == 403, path


def test_rows_come_newest_first_and_are_narrowed_by_name_and_source(enter: Enter) -> None:
    client = enter("ada")
    first = client.get("/console/log").text
    positions = [int(number) for number in re.findall(r'<th scope="row"><a href="/console/log/(\d+)"', first)]
    assert positions == sorted(positions, reverse=True)
    assert len(positions) == 50
    assert set(rows(client.get("/console/log?name=points+awarded").text)) == {"points awarded"}
    assert set(rows(client.get("/console/log?source=public").text)) == {"Order Completed", "Product Viewed"}
    assert "No row has this name and source." in client.get("/console/log?name=nosuch").text


def test_one_row_shows_its_causes_its_effects_and_its_body(enter: Enter, shop_database: Database) -> None:
    client = enter("ada")
    with shop_database.read() as session:
        placed = read(session, Filter(store_id=1, name="order placed", limit=1))[0]
    text = text_of(client.get(f"/console/log/{placed.position}").text)
    chain = text[text.index("From cause to conclusion") : text.index("Body")]
    assert chain.index("order received") < chain.index("order placed") < chain.index("points awarded")
    assert f"A fact, concluded from row {placed.cause:,}." in text
    assert "&#34;order_id&#34;: &#34;10492&#34;" in text


def test_a_row_of_a_browser_says_how_far_it_is_trusted(enter: Enter, shop_database: Database) -> None:
    with shop_database.read() as session:
        viewed = read(session, Filter(store_id=1, name="Product Viewed", limit=1))[0]
    text = text_of(enter("ada").get(f"/console/log/{viewed.position}").text)
    assert "moves no points and no mail" in text
    assert "Nothing was concluded from it." in text


def test_rows_that_do_not_exist_are_not_found(enter: Enter) -> None:
    client = enter("ada")
    assert client.get("/console/log/999999").status_code == 404
    assert client.get(f"/console/log/{10**30}").status_code == 404


def test_what_was_set_aside_says_why_in_plain_words(enter: Enter) -> None:
    page = enter("ada").get("/console/log/set-aside")
    text = text_of(page.text)
    assert "2 events wait for a person" in text
    assert (
        "The report about order “99100” cannot be counted: “kettles” is not an ISO 4217 currency such as EUR." in text
    )
    assert re.search(r'<span class="count alert">2', page.text)


def test_a_replay_that_fails_again_stays_and_says_why(enter: Enter, shop_database: Database) -> None:
    client, positions = enter("ada"), waiting(shop_database)
    answer = send(client, "/console/log/set-aside", {"reaction": "orders.fold", "position": str(positions[0])})
    assert answer.status_code == 422
    assert "It failed again" in answer.text
    assert waiting(shop_database) == positions
    assert audited(shop_database) == []


def mend(services: ConsoleServices, *broken: int) -> list[int]:
    """Let orders.fold handle everything but these positions; what it is handed is remembered."""
    handled: list[int] = []

    def handle(_session: object, events: object) -> None:
        for event in events:  # type: ignore[attr-defined]
            if event.position in broken:
                raise ValueError("still broken")
            handled.append(event.position)

    services.runner._by_name = {
        **services.runner._by_name,
        "orders.fold": Reaction(name="orders.fold", reads=(), handle=handle),
    }
    return handled


def test_one_event_is_replayed_in_a_transaction_with_its_audit(
    enter: Enter, services: ConsoleServices, shop_database: Database
) -> None:
    client, positions = enter("ada"), waiting(shop_database)
    handled = mend(services)
    answer = send(client, "/console/log/set-aside", {"reaction": "orders.fold", "position": str(positions[0])})
    assert answer.status_code == 303
    assert "1 event was replayed" in client.get("/console/log/set-aside").text
    assert handled == positions[:1]
    assert waiting(shop_database) == positions[1:]
    assert audited(shop_database) == [("event replayed", "orders.fold", "ada@example.org")]


def test_all_of_a_reaction_are_replayed_and_one_that_fails_takes_nothing_with_it(
    enter: Enter, services: ConsoleServices, shop_database: Database
) -> None:
    client, positions = enter("ada"), waiting(shop_database)
    mend(services, positions[1])
    answer = send(client, "/console/log/set-aside", {"reaction": "orders.fold", "all": "1"})
    assert answer.status_code == 422
    assert "1 event was replayed." in answer.text
    assert "Still broken" in answer.text
    assert waiting(shop_database) == positions[1:]


def test_unknown_reactions_are_refused_in_words(enter: Enter) -> None:
    answer = send(enter("ada"), "/console/log/set-aside", {"reaction": "nosuch", "position": "1"})
    assert answer.status_code == 422
    assert "There is no reaction “nosuch” any more" in answer.text


def test_audit_and_reactions_are_shown(enter: Enter, services: ConsoleServices, shop_database: Database) -> None:
    client = enter("mara")
    assert "Nothing was changed yet." in client.get("/console/log/audit").text
    mend(services)
    send(client, "/console/log/set-aside", {"reaction": "orders.fold", "all": "1"})
    text = text_of(client.get("/console/log/audit").text)
    assert "Event replayed orders.fold position" in text
    assert "mara@example.org" in text
    reactions = text_of(client.get("/console/log/reactions").text)
    assert "loyalty.points order placed, order refunded, order cancelled Level nothing 0" in reactions


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("UnreadableOrder: The report cannot be counted", "The report cannot be counted"),
        ("KeyError: 'goods'", "'goods'"),
        ("a sentence: with a colon", "a sentence: with a colon"),
        ("ValueError: ", "ValueError"),
        ("", "It failed without saying why."),
    ],
)
def test_errors_lose_the_name_of_their_class(error: str, words: str) -> None:
    assert in_words(error) == words


def test_bodies_are_indented_and_what_is_no_json_is_shown_as_it_is() -> None:
    assert pretty(b'{"a":{"b":"\xc3\xa4"}}') == '{\n  "a": {\n    "b": "ä"\n  }\n}'
    assert pretty(b"a=1\xff") == "a=1�"
    assert pretty(b"") == "{}"
    assert len(pretty(b'"' + b"x" * 100_000 + b'"')) < 61_000


def test_a_source_is_looked_for_so_many_rows_back_at_a_time(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.pages.log.events._BACK", 30)
    client = enter("ada")
    first = client.get("/console/log?source=public")
    assert "None of the newest 30 rows has this name and source." in first.text
    found: list[str] = []
    steps = 0
    following = re.search(r'class="btn" href="([^"]+)">Look further back', first.text)
    while following is not None:
        page = client.get(following[1].replace("&amp;", "&"))
        found += rows(page.text)
        steps += 1
        following = re.search(r'(?:rel="next"|class="btn") href="([^"]+)">(?:Next|Look further back)', page.text)
    assert found == ["Product Viewed", "Order Completed", "Order Completed"]
    assert steps > 10
