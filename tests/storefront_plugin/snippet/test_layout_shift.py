"""Nothing moves: a widget's place is kept before it is there, or taken only where that moves nothing in sight."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.storefront_plugin.snippet.shop import BUILT, Shop, item, until

pytestmark = pytest.mark.browser

RESERVE = '<link rel="stylesheet" href="/regulars.css">'
TEXT = '<p class="text">words below</p>'
PAINTED = "performance.getEntriesByType('paint').length === 2"
WIDGETS = next(file.name for file in BUILT.glob("regulars-widgets-*.js"))


def element(attributes: str = 'placement="product"') -> str:
    return f"<regulars-recommendations {attributes}></regulars-recommendations>"


def items(count: int = 4) -> list[dict[str, object]]:
    long = "A title so long that it needs more lines than there are, and then some"
    return [item(f"P{n}", n, title=long if n == 1 else "Cup") for n in range(1, count + 1)]


def height(page: Page) -> float:
    return float(page.evaluate("document.querySelector('regulars-recommendations').getBoundingClientRect().height"))


def shift(page: Page) -> float:
    """The layout shift so far, after two more frames have been drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return float(page.evaluate("window.shift"))


@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize("count", [1, 4, 9])
def test_a_reserved_place_is_filled_without_a_shift(page: Page, shop: Shop, width: int, count: int) -> None:
    shop.gates |= {WIDGETS: threading.Event(), "ask": threading.Event()}
    shop.recommendations["product"] = items(count)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(shop.page("/", element() + TEXT, head=RESERVE), wait_until="commit")
    until(page, PAINTED)
    before = height(page)
    shop.gates[WIDGETS].set()
    until(page, "!!document.querySelector('regulars-recommendations').shadowRoot")
    skeleton = height(page)
    shop.gates["ask"].set()
    expect(page.locator("li.item[part=item]")).to_have_count(count)
    assert before > width / 4
    assert skeleton == pytest.approx(before, abs=0.1)
    assert height(page) == pytest.approx(before, abs=0.1)
    assert shift(page) == 0


@pytest.mark.parametrize("columns", ["2", "3.5", "6"])
def test_the_place_follows_the_shops_own_columns_and_gap(page: Page, shop: Shop, columns: str) -> None:
    shop.gates[WIDGETS] = threading.Event()
    shop.recommendations["product"] = items()
    own = shop.script("own.js", f"document.documentElement.setAttribute('data-columns', '{columns}')")
    page.goto(shop.page("/", element() + TEXT, head=RESERVE + own), wait_until="commit")
    style = f"regulars-recommendations {{ --regulars-columns: {columns}; --regulars-gap: 30px }}"
    page.evaluate(
        """(text) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(text);
          document.adoptedStyleSheets = [sheet];
        }""",
        style,
    )
    until(page, PAINTED)
    before = height(page)
    shop.gates[WIDGETS].set()
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    assert height(page) == pytest.approx(before, abs=0.1)


def test_the_words_of_every_card_fit_into_the_place(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = items(3)
    shop.recommendations["product"][0]["reason"]["text"] = "A reason that is long as well, " * 5
    for width in (320, 390, 1000):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(shop.page("/", element() + TEXT, head=RESERVE))
        expect(page.locator("li.item[part=item]")).to_have_count(3)
        bottom = page.evaluate(
            """() => {
              const host = document.querySelector('regulars-recommendations');
              const last = host.shadowRoot.querySelector('[part=reason]').getBoundingClientRect().bottom;
              return host.getBoundingClientRect().bottom - last;
            }"""
        )
        assert bottom >= 0


def test_without_a_reserved_place_a_late_widget_waits_for_the_visitor(page: Page, shop: Shop) -> None:
    shop.gates[WIDGETS] = threading.Event()
    shop.recommendations["product"] = items()
    page.goto(shop.page("/", element() + TEXT), wait_until="commit")
    until(page, PAINTED)
    shop.gates[WIDGETS].set()
    shop.wait(lambda: shop.questions)
    until(page, "!!document.querySelector('regulars-recommendations').shadowRoot")
    assert shift(page) == 0
    assert height(page) == 0
    page.locator("p").click()
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    assert height(page) > 100
    assert shift(page) == 0


def test_without_a_reserved_place_it_comes_at_once_where_nothing_follows(page: Page, shop: Shop) -> None:
    shop.gates[WIDGETS] = threading.Event()
    shop.recommendations["product"] = items()
    page.goto(shop.page("/", TEXT + element()), wait_until="commit")
    until(page, PAINTED)
    shop.gates[WIDGETS].set()
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    assert shift(page) == 0


def test_an_empty_continue_leaves_no_gap(page: Page, shop: Shop) -> None:
    shop.gates[WIDGETS] = threading.Event()
    shop.recommendations["home"] = items()
    page.goto(shop.page("/", element('placement="continue"') + TEXT, head=RESERVE), wait_until="commit")
    until(page, PAINTED)
    before = page.locator("p").bounding_box()
    shop.gates[WIDGETS].set()
    shop.wait(lambda: shop.questions)
    page.evaluate("document.querySelector('regulars-recommendations').setAttribute('limit', '2')")
    shop.wait(lambda: len(shop.questions) == 2)
    assert [question[1]["slot"] for question in shop.questions] == ["continue", "continue"]
    assert page.locator("p").bounding_box() == before
    assert height(page) == 0
    assert shift(page) == 0


def test_a_filled_continue_below_the_fold_appears(page: Page, shop: Shop) -> None:
    shop.gates["ask"] = threading.Event()
    shop.recommendations["continue"] = items()
    page.goto(shop.page("/", TEXT * 5 + element('placement="continue"') + TEXT * 5, head=RESERVE))
    until(page, PAINTED)
    shop.gates["ask"].set()
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    assert height(page) > 100
    assert shift(page) == 0


def test_an_empty_answer_in_sight_is_filled_by_other_products(page: Page, shop: Shop) -> None:
    shop.recommendations["home"] = items()
    page.goto(shop.page("/", element('placement="continue" reserve') + TEXT, head=RESERVE))
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    expect(page.get_by_role("heading")).to_have_text("Popular right now")
    assert [question[1]["slot"] for question in shop.questions] == ["continue", "home"]
    assert shop.wait_for_event("Recommendations Shown")["properties"]["slot"] == "home"
    assert shift(page) == 0


def test_nothing_at_all_keeps_a_box_that_was_shown(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/", element() + TEXT, head=RESERVE))
    shop.wait(lambda: len(shop.questions) == 2)
    expect(page.locator("section[aria-busy]")).to_have_count(0)
    assert height(page) > 100
    assert shift(page) == 0


def test_no_task_of_the_widgets_takes_longer_than_fifty_milliseconds(page: Page, shop: Shop) -> None:
    """A busy machine makes every task look long, so the shortest of five loads counts."""
    shop.recommendations["product"] = items(12)
    page.add_init_script(
        """window.long = [];
        new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)))
          .observe({ type: 'longtask' });"""
    )
    address = shop.page("/", element('placement="product" limit="12"') + TEXT, head=RESERVE)

    def longest_task() -> float:
        shop.gates["regulars.js"] = threading.Event()
        page.goto(address, wait_until="commit")
        until(page, PAINTED)
        page.evaluate("window.long.length = 0")
        shop.gates["regulars.js"].set()
        expect(page.locator("li.item[part=item]")).to_have_count(12)
        return float(page.evaluate("Math.max(0, ...window.long)"))

    assert any(longest_task() <= 50 for _ in range(5))
