"""One person's walk through the demo: where they are, and what they learned on the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.running import Demo
from tests.browser.watching import Window

KETTLE, KETTLE_ID, KETTLE_NAME = "/shop/p/toast-striped-stove-kettle", "KL-0019", "Toast striped stove kettle"
KETTLE_POINTS = 46  # it costs €46.00, and the first rule is 1 point for every €1.00
NAME, EMAIL, PASSWORD = "Ines Falk", "ines@example.org", "a slow morning"
RULE = "1 point for every €1.00"


@dataclass
class Visit:
    """The demo, the window, and the order it is all about once there is one."""

    demo: Demo
    window: Window
    order_id: str = ""

    @property
    def page(self) -> Page:
        return self.window.page

    def press(self, name: str) -> None:
        """Press a button that leads to another page, and wait for that."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def fill(self, answers: Mapping[str, str]) -> None:
        """Fill the fields with these labels."""
        for label, answer in answers.items():
            self.page.get_by_label(label, exact=True).fill(answer)

    def see(self, *paths: str) -> None:
        """Open pages one after the other and look at each."""
        for path in paths:
            self.window.go(path)
            self.window.look()

    def steps(self) -> list[str]:
        """What the messages to Ines are about, oldest first."""
        return [message["step"] for message in self.demo.messages(EMAIL) if message["state"] == "sent"]
