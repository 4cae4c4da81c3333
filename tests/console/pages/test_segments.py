"""The list of segments and one segment's page."""

import re
from collections.abc import Callable

from starlette.testclient import TestClient

Enter = Callable[[str], TestClient]


def test_the_list_says_each_in_words(enter: Enter) -> None:
    text = enter("tom").get("/console/segments").text
    assert "<strong>5 segments</strong> keep themselves up to date" in text
    assert "number of orders is at least 3 and last order is within the last 90 days" in text


def test_a_segment_shows_its_people_its_course_and_its_csv(enter: Enter) -> None:
    client = enter("tom")
    path = _path_of(client, "Loyal")
    text = client.get(path).text
    assert "<strong>30 people</strong> are in it now" in text
    assert "Three orders or more, the last one within 90 days." in text
    assert text.count('<th scope="row"><a href="/console/people/') == 30
    assert client.get(f"{path}?days=91").text.count("data-v=") == 2 * 91
    table = client.get(f"{path}/days.csv?days=28").text.splitlines()
    assert len(table) == 29
    assert table[-1].startswith("2026-11-21,30,")


def test_people_can_be_narrowed_to_it(enter: Enter) -> None:
    client = enter("tom")
    segment = _path_of(client, "Loyal").rsplit("/", 1)[1]
    text = client.get(f"/console/people?segment={segment}").text
    assert text.count('<th scope="row">') == 30
    assert "is in Loyal" in text


def test_it_is_found_by_name_and_a_wrong_id_is_nothing(enter: Enter) -> None:
    client = enter("tom")
    assert client.get("/console/find?q=loyal&go=1").headers["location"] == _path_of(client, "Loyal")
    assert client.get("/console/segments/s_1").status_code == 404
    assert client.get("/console/segments/rubbish").status_code == 404


def _path_of(client: TestClient, name: str) -> str:
    found = re.search(rf'<a href="([^"]+)">{name}</a>', client.get("/console/segments").text)
    assert found is not None
    return found[1]
