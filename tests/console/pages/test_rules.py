"""Rules in the console: the list, the sentence and what it stands for, the preview, drafts, turning on and its undo."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from console.pages.rules.history import marked
from console.services import ConsoleServices
from core import clock, ids
from core.db import Database
from loyalty.ledger import service as ledger
from loyalty.rules import service as rules
from loyalty.rules.schemas import BonusRule, Rule, SpendRule
from tests.console.conftest import csrf_of
from tests.console.pages.trading import NOW
from tracking.stores import service as stores

Enter = Callable[[str], TestClient]
BEANS = "Double points on beans"


@pytest.fixture
def store_id(shop_database: Database) -> int:
    return 1


def named(database: Database, name: str) -> Rule:
    with database.read() as session:
        return next(rule for rule in rules.rules(session, 1) if rule.name == name)


def address(rule: Rule) -> str:
    return f"/console/rules/{ids.public('r', rule.rule_id)}"


def words(**changes: str) -> dict[str, str]:
    said = {"name": "Kettles", "kind": "spend", "people": "", "points": "2", "per": "€1.00", "category": "Kettles", "wait": "0", "lasts": "12"}  # fmt: skip
    return said | changes


def send(client: TestClient, path: str, form: dict[str, str], page: str = "/console/setup") -> Any:
    return client.post(path, data=form | {"csrf_token": csrf_of(client.get(page).text)})


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        return [(row.action, row.subject, row.actor) for row in stores.audit(session, 1)]


def text_of(html: str) -> str:
    """What one reads, without tags, in one line."""
    return re.sub(r" ([.,:;])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", html).split()))


def test_the_list_says_what_each_rule_does_and_gave(enter: Enter, shop_database: Database) -> None:
    text = text_of(enter("tom").get("/console/rules").text)
    assert "2 rules are on." in text
    assert "When an order is placed, give 3 points for every €1.00 spent on items from Beans." in text
    assert "They can be spent 14 days after the order and last 12 months." in text
    assert "Version 2 is on Draft of version 3" in text
    with shop_database.read() as session:
        moved = ledger.moved_by_rule(session, 1, named(shop_database, BEANS).rule_id, NOW - 28 * clock.DAY, NOW + 1)
    given = sum(one.points for one in moved if one.kind == "award")
    assert given > 0
    assert f"Draft of version 3 {given}" in text


def test_a_viewer_reads_the_sentence_but_changes_nothing(enter: Enter, shop_database: Database) -> None:
    client, rule = enter("tom"), named(shop_database, BEANS)
    page = client.get(address(rule)).text
    assert "Owners and marketers may change rules." in page
    assert "Save draft" not in page
    for path in ("", "/turn-on", "/turn-off", "/discard", "/bring-back", "/restore"):
        assert send(client, address(rule) + path, {"version": "1"}).status_code == 403, path
    assert client.get("/console/rules/new").status_code == 403
    assert named(shop_database, BEANS) == rule


def test_the_sentence_is_filled_from_the_draft(enter: Enter, shop_database: Database) -> None:
    page = enter("mika").get(address(named(shop_database, BEANS))).text
    assert 'name="least" value="€40.00"' in page
    assert 'name="points" value="2"' in page
    assert '<option value="Beans" selected>items from Beans</option>' in page
    assert '<option value="14" selected>14 days after the order</option>' in page
    # What no word stands for is read, not changed.
    assert "country of delivery is one of &#34;DE&#34;, &#34;AT&#34;" in page


def test_saving_writes_a_draft_with_its_condition_and_keeps_what_has_no_words(
    enter: Enter, shop_database: Database
) -> None:
    client, rule = enter("mika"), named(shop_database, BEANS)
    form = words(
        name=BEANS, people="Loyal", least="€1,250.50", pieces="3", holds="Mugs", category="Beans", lasts="ever"
    )
    answer = send(client, address(rule), form)
    assert (answer.status_code, answer.headers["location"]) == (303, address(rule))
    draft = named(shop_database, BEANS).draft
    assert draft is not None
    assert draft.saved_by == "mika@example.org"
    assert draft.body == SpendRule(
        points=2,
        per=100,
        category="Beans",
        spendable_after_days=0,
        lasts_months=None,
        condition={
            "v": 1,
            "all": [
                {"field": "person.segments", "op": "in", "value": ["Loyal"]},
                {"field": "order.goods", "op": ">=", "value": {"minor": 125_050, "currency": "EUR"}},
                {"field": "order.pieces", "op": ">=", "value": 3},
                {"field": "order.categories", "op": "in", "value": ["Mugs"]},
                {"field": "order.country", "op": "in", "value": ["DE", "AT"]},
            ],
        },
    )
    # And the words come back as they went.
    page = client.get(address(rule)).text
    for part in (
        'value="€1,250.50"',
        'name="pieces" value="3"',
        '<option value="Mugs" selected>',
        '<option value="ever" selected>',
    ):
        assert part in page
    assert named(shop_database, BEANS).on is not None
    assert audited(shop_database)[0] == ("rule drafted", BEANS, "mika@example.org")


def test_a_new_rule_is_written_reviewed_turned_on_and_taken_back(enter: Enter, shop_database: Database) -> None:
    client = enter("mara")
    page = client.get("/console/rules/new").text
    assert 'name="per" value="€1.00"' in page
    form = words(name="Kettle bonus", kind="bonus", points="50") | {
        "csrf_token": csrf_of(client.get("/console/setup").text)
    }
    answer = client.post("/console/rules/new?then=review", data=form)
    rule = named(shop_database, "Kettle bonus")
    assert answer.headers["location"] == f"{address(rule)}/review"
    assert rule.draft is not None
    assert rule.draft.body == BonusRule(points=50)
    review = text_of(client.get(f"{address(rule)}/review").text)
    assert "Turn on version 1?" in review
    assert "Not yet" in review
    assert send(client, f"{address(rule)}/turn-on", {}).status_code == 303
    assert named(shop_database, "Kettle bonus").on is not None
    after = client.get(address(rule)).text
    assert "Version 1 of “Kettle bonus” is on" in after
    assert f'action="{address(rule)}/restore"' in after
    send(client, f"{address(rule)}/restore", {"version": "0"})
    assert named(shop_database, "Kettle bonus").on is None
    assert [row[0] for row in audited(shop_database)][:3] == ["rule put back", "rule turned on", "rule drafted"]


def test_undo_of_turning_on_puts_the_version_before_it_back(enter: Enter, shop_database: Database) -> None:
    client, rule = enter("mika"), named(shop_database, BEANS)
    before = rule.on
    assert before is not None
    send(client, f"{address(rule)}/turn-on", {})
    changed = named(shop_database, BEANS)
    assert changed.on is not None
    assert changed.on.version == 3
    send(client, f"{address(rule)}/restore", {"version": "2"})
    restored = named(shop_database, BEANS).on
    assert restored is not None
    assert (restored.version, restored.body) == (4, before.body)


def test_turning_off_stops_and_undo_starts_again(enter: Enter, shop_database: Database) -> None:
    client, rule = enter("mika"), named(shop_database, "A point for every euro")
    send(client, f"{address(rule)}/turn-off", {})
    assert named(shop_database, rule.name).on is None
    assert "Off" in text_of(client.get(address(rule)).text)
    send(client, f"{address(rule)}/restore", {"version": "1"})
    restored = named(shop_database, rule.name).on
    assert restored is not None
    assert restored.body == SpendRule(points=1, per=100)


def test_discarding_a_draft_leaves_what_is_on(enter: Enter, shop_database: Database) -> None:
    client, rule = enter("mika"), named(shop_database, BEANS)
    send(client, f"{address(rule)}/discard", {})
    left = named(shop_database, BEANS)
    assert left.draft is None
    assert left.on == rule.on
    assert client.get(f"{address(rule)}/review").status_code == 303


def test_a_discarded_draft_comes_back_by_undo(enter: Enter, shop_database: Database) -> None:
    client = enter("mika")
    send(client, "/console/rules/new", words(least="€20.00", holds="Mugs"))
    rule = named(shop_database, "Kettles")
    page = client.post(f"{address(rule)}/discard", data={"csrf_token": csrf_of(client.get("/console/setup").text)})
    assert page.headers["location"] == "/console/rules"
    toast = client.get("/console/rules").text.partition('class="toast"')[2]
    path = re.search(r'action="([^"]+)"', toast)
    assert path is not None
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', toast))
    assert client.post(path[1], data=fields).status_code == 303
    with shop_database.read() as session:
        again = next(one for one in rules.rules(session, 1) if one.name == "Kettles")
    assert rule.draft is not None
    assert again.draft is not None
    assert again.draft.body == rule.draft.body


def test_history_marks_changed_words_and_brings_a_version_back(enter: Enter, shop_database: Database) -> None:
    client, rule = enter("mika"), named(shop_database, BEANS)
    page = client.get(f"{address(rule)}/history").text
    assert '<mark class="changed">3</mark>' in page
    assert "Saved by mika@example.org" in page
    send(client, f"{address(rule)}/bring-back", {"version": "1"})
    draft = named(shop_database, BEANS).draft
    assert draft is not None
    assert draft.body == rule.versions[-1].body
    assert send(client, f"{address(rule)}/bring-back", {"version": "77"}).status_code == 404
    assert send(client, f"{address(rule)}/bring-back", {"version": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "advice"),
    [
        ({"name": " "}, "name", "Give the rule a name of at most 120 characters."),
        ({"points": "two"}, "points", "Enter a whole number of points"),
        ({"points": "0"}, "points", "Give between 1 and 1,000,000 points."),
        ({"points": "1.5"}, "points", "Enter a whole number of points"),
        ({"per": "much"}, "per", "Enter an amount such as €40.00"),
        ({"per": "-1"}, "per", "Enter an amount such as €40.00"),
        ({"least": ""}, "least", "Enter an amount such as €40.00"),
        ({"pieces": "many"}, "pieces", "Enter how many pieces the order holds"),
        ({"holds": ""}, "holds", "Choose a category"),
        ({"wait": "900"}, "wait", "Points can wait between 0 and 365 days."),
        ({"lasts": "500"}, "lasts", "Points last between 1 and 120 months, or for ever."),
    ],
)  # fmt: skip
def test_wrong_words_answer_422_at_the_word_and_are_kept(
    enter: Enter, shop_database: Database, changes: dict[str, str], field: str, advice: str
) -> None:
    client = enter("mika")
    before = audited(shop_database)
    answer = send(client, "/console/rules/new", words(**changes))
    assert answer.status_code == 422
    assert f'<a href="#field-{field}">{advice}</a>' in answer.text
    wrong = re.search(rf'<(?:input|select)[^>]*id="field-{field}"[^>]*>', answer.text)
    assert wrong is not None
    assert 'aria-invalid="true"' in wrong[0]
    if field not in ("wait", "lasts", "holds"):
        assert f'value="{changes[field]}"' in wrong[0]
    assert '<option value="Kettles" selected>' in answer.text
    assert audited(shop_database) == before


def test_parts_are_added_and_taken_away_by_links_that_can_be_sent(enter: Enter) -> None:
    client = enter("mika")
    page = client.get("/console/rules/new", params=words(add="pieces")).text
    assert 'name="pieces" value="2"' in page
    assert "aria-invalid" not in page
    assert 'name="pieces"' not in client.get("/console/rules/new", params=words(pieces="2", drop="pieces")).text
    assert 'class="err"' not in client.get("/console/rules/new", params=words(add="holds")).text


def test_what_has_no_words_can_be_taken_away(enter: Enter, shop_database: Database) -> None:
    page = enter("mika").get(address(named(shop_database, BEANS)), params=words(drop="kept")).text
    assert "country of delivery" not in page


def test_the_preview_is_the_backtest_of_the_words(
    enter: Enter, services: ConsoleServices, shop_database: Database
) -> None:
    client, rule = enter("tom"), named(shop_database, BEANS)
    part = client.get(
        f"{address(rule)}/preview", params=words(category="Beans", points="3"), headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    question = services.backtests.asked[-1]  # type: ignore[attr-defined]
    assert question.body == SpendRule(points=3, per=100, category="Beans", condition={"v": 1, "all": [{"field": "order.country", "op": "in", "value": ["DE", "AT"]}]})  # fmt: skip
    assert clock.iso(question.since) == "2025-11-16T23:00:00.000Z"  # the Monday 52 weeks before this week's, in Berlin
    result = services.backtests.run(question)
    text = text_of(part.text)
    assert f"People rewarded {result.people} of {result.buyers} buyers; {result.more_than_once} more than once" in text
    assert f"Points given {result.points:,}" in text
    assert f"Cost when spent €{(result.points + 1) // 2 / 100:.2f} at 200 points for €1.00" in text
    assert f"{result.orders} past orders tried in" in text
    assert part.text.count('<rect class="b"') >= sum(week.points > 0 for week in result.weeks)
    for example in result.examples:
        assert f"/console/orders/{example.order_id}" in part.text
    assert 'id="past-orders" hx-swap-oob' in part.text


def test_the_preview_compares_with_what_was_really_given(enter: Enter, shop_database: Database) -> None:
    """The first rule was on all the time and gave what its backtest gives, so both sides of the comparison are equal."""
    client, rule = enter("mara"), named(shop_database, "A point for every euro")
    text = text_of(client.get(f"{address(rule)}/preview").text)
    found = re.search(r"Points given ([\d,]+) ([\d,]+) were really given", text)
    assert found is not None
    assert found[1] == found[2] != "0"
    weeks = re.findall(
        r"<td class=\"n\">([\d,−]+)</td><td class=\"n\">([\d,−]+)</td>", client.get(f"{address(rule)}/preview").text
    )
    assert len(weeks) == 53
    assert all(now == before for now, before in weeks)


def test_the_preview_warns_of_nobody_and_of_everybody(enter: Enter) -> None:
    client = enter("mika")
    nobody = text_of(client.get("/console/rules/new/preview", params=words(least="€90,000.00", category="")).text)
    assert "Nobody would have got a point." in nobody
    everybody = text_of(client.get("/console/rules/new/preview", params=words(kind="bonus")).text)
    assert "Everybody who bought gets points." in everybody


def test_the_preview_waits_for_a_whole_sentence(enter: Enter, services: ConsoleServices) -> None:
    part = enter("mika").get("/console/rules/new/preview", params=words(points=""))
    assert part.status_code == 200
    assert '<a href="#field-points">Enter a whole number of points</a>' in part.text
    assert services.backtests.asked == []  # type: ignore[attr-defined]


def test_without_script_the_preview_comes_with_the_page(enter: Enter) -> None:
    text = text_of(enter("mika").get("/console/rules/new", params=words(**{"try": "1"})).text)
    assert "past orders tried in" in text
    assert "Five past orders, and what each would get Order Why This draft" in text


def test_an_unknown_rule_is_not_found(enter: Enter) -> None:
    client = enter("mika")
    for path in ("/console/rules/r_zzz", "/console/rules/nonsense", "/console/rules/r_zzz/history"):
        assert client.get(path).status_code == 404


def test_only_changed_words_are_marked_and_texts_stay_escaped() -> None:
    assert str(marked("", "a <b>")) == "a &lt;b&gt;"
    assert str(marked("give 2 points.", "give 3 points.")) == 'give <mark class="changed">3</mark> points.'
    assert (
        str(marked("placed, give", "placed and <big>, give"))
        == 'placed <mark class="changed">and &lt;big&gt;</mark>, give'
    )
