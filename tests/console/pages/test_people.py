"""The list of people and one person's page."""

from collections.abc import Callable

from starlette.testclient import TestClient

from console.services import ConsoleServices
from core import ids
from core.db import Database
from core.log import NewEvent
from tests.console.pages.trading import NOW
from tracking.people import service as people
from tracking.people.schemas import Identity

Enter = Callable[[str], TestClient]


def person_id(database: Database, user_id: str) -> str:
    """A person's id as the address has it."""
    with database.read() as session:
        (found,) = people.resolve(session, 1, [Identity(user_id=user_id)])
    assert found is not None
    return ids.public("p", found)


def test_the_list_shows_what_each_bought_and_holds(enter: Enter) -> None:
    text = enter("tom").get("/console/people").text
    assert "<strong>32 people</strong> were seen so far" in text
    assert "€282.80" in text
    assert "Somebody, …" in text


def test_it_is_narrowed_by_search_by_being_known_and_by_segment(enter: Enter) -> None:
    client = enter("tom")
    assert client.get("/console/people?q=INES").text.count('<th scope="row">') == 3
    assert client.get("/console/people?q=ines0@example.org").text.count('<th scope="row">') == 1
    assert client.get("/console/people?who=anonymous").text.count('<th scope="row">') == 2
    assert client.get("/console/people?who=known").text.count('<th scope="row">') == 30
    assert "Nobody matches “nobody at all”" in client.get("/console/people?q=nobody%20at%20all").text
    assert client.get("/console/people?after=x&segment=p_!&q=p_zzzzzzzzzzzzz").status_code == 200


def test_a_person_is_found_by_id_and_by_name(enter: Enter, shop_database: Database) -> None:
    client, wanted = enter("tom"), person_id(shop_database, "u0")
    assert client.get(f"/console/find?q={wanted}&go=1").headers["location"] == f"/console/people/{wanted}"
    assert client.get("/console/find?q=ines0@example.org&go=1").headers["location"] == f"/console/people/{wanted}"


def test_the_record_tells_everything_and_why(enter: Enter, shop_database: Database) -> None:
    text = enter("tom").get(f"/console/people/{person_id(shop_database, 'u0')}").text
    assert "ines0@example.org · Leipzig, DE" in text
    assert "because of the rule “Double points on beans”" in text
    assert "of Beans × 3" in text
    assert '<a href="/console/orders/10482">10482</a> placed' in text
    assert "Parcel on the way" in text
    assert "can be spent now, worth" in text


def test_chips_choose_one_kind(enter: Enter, shop_database: Database) -> None:
    client, path = enter("tom"), f"/console/people/{person_id(shop_database, 'u0')}"
    points = client.get(f"{path}?show=points").text
    assert "Earned" in points
    assert "Parcel</a>" not in points.split("<aside")[0]
    assert client.get(f"{path}?show=rubbish").text.count("<li>") == client.get(path).text.count("<li>")


def test_older_moments_follow_without_a_gap_or_a_repetition(enter: Enter, shop_database: Database) -> None:
    client, path = enter("tom"), f"/console/people/{person_id(shop_database, 'u0')}"
    first = client.get(path).text
    assert "Show older" in first
    seen, address = [], path
    for _page in range(10):
        text = client.get(address).text
        seen += [part.split('"')[0] for part in text.split("<aside")[0].split('<time datetime="')[1:]]
        if "Show older" not in text:
            break
        address = path + "?before=" + text.split("before=")[-1].split('"')[0]
    assert seen == sorted(seen, reverse=True)
    assert "Show older" not in text


def test_an_id_that_was_merged_leads_to_the_person_it_means_now(
    enter: Enter, services: ConsoleServices, shop_database: Database
) -> None:
    with shop_database.read() as session:
        (stranger,) = people.resolve(session, 1, [Identity(anonymous_id="b7")])
    assert stranger is not None
    said = NewEvent(1, "public", ids.key("signed in"), "identify", "identify", NOW, NOW, "b7", "u0", "", None, None, 0, b"{}", "")  # fmt: skip
    with shop_database.write() as session:
        session.append(said)
    services.runner.drain()
    client, now = enter("tom"), person_id(shop_database, "u0")
    answer = client.get(f"/console/people/{ids.public('p', stranger)}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/people/{now}"
    text = client.get(f"/console/people/{now}").text
    assert "Visits <span" in text  # what the stranger looked at is theirs now
    assert "1 browser" in text


def test_nobody_has_a_page_under_a_wrong_id(enter: Enter, services: ConsoleServices) -> None:
    client = enter("tom")
    for wrong in ("p_1", "rubbish", "p_zzzzzzzzzzzzz"):
        assert client.get(f"/console/people/{wrong}").status_code == 404
