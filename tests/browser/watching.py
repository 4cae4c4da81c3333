"""A window that complains: about what the policy refused, what failed, what came from elsewhere, and what axe finds."""

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

Theme = Literal["light", "dark"]

WIDE, NARROW = 1440, 390
EVERY_RULE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLOUR_RULES = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
RULES: dict[Theme, dict[str, Any]] = {"light": EVERY_RULE, "dark": COLOUR_RULES}
_AXE = Axe().axe_script
TELL_REFUSALS = """addEventListener('securitypolicyviolation', (event) =>
    console.error(`The policy ${event.violatedDirective} refused ${event.blockedURI}`))"""
WIDER = "Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"


@dataclass
class Window:
    """One person's browser before one host; `complaints` is empty as long as all is well."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page; anything but a good answer is a complaint."""
        self.page.goto(path)
        return self.page

    def look(self, *widths: int) -> None:
        """axe over the page as it stands, in both themes, and whether it scrolls sideways; at WIDE unless said otherwise."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(_AXE)
        for width in widths or (WIDE,):
            self.page.set_viewport_size({"width": width, "height": 900})
            # The dark theme is the same page in other colours, so only what looks at colours can find more there.
            for theme, rules in RULES.items():
                self.page.emulate_media(color_scheme=theme)
                self._note(theme, width, rules)
        self.page.set_viewport_size({"width": WIDE, "height": 900})
        self.page.emulate_media(color_scheme="light")

    def _note(self, theme: Theme, width: int, rules: dict[str, Any]) -> None:
        found: list[dict[str, Any]] = self.page.evaluate("async (rules) => (await axe.run(rules)).violations", rules)
        where = f"{urlsplit(self.page.url).path} in {theme} at {width}"
        self.complaints += [f"{where}: {one['id']} {node['html'][:120]}" for one in found for node in one["nodes"]]
        if wider := self.page.evaluate(WIDER):
            self.complaints.append(f"{where}: {wider} px wider than its window")

    def watch(self, context: BrowserContext) -> None:
        """Listen to everything that can go wrong behind a page."""
        context.add_init_script(TELL_REFUSALS)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("weberror", lambda error: self.complaints.append(f"{self.page.url}: {error.error}"))
        context.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.netloc != self.host and address.scheme not in ("data", "blob", "about"):
            self.complaints.append(f"{self.page.url}: asked {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{self.page.url}: {response.request.method} {response.url} → {response.status}")


def open_window(browser: Browser, url: str) -> Window:
    """A new person's window; animations are off, so that what is measured stands still."""
    context = browser.new_context(
        base_url=url, viewport={"width": WIDE, "height": 900}, reduced_motion="reduce", locale="en-GB"
    )
    window = Window(context.new_page(), urlsplit(url).netloc)
    window.watch(context)
    return window
