"""Setup: what the store is, what this browser keeps, and every part of the console in every state."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import samples
from console.frame import current_page, render, requires
from console.language import gettext as _
from console.navigation import Area
from console.parts import Fact, Option


@requires("viewer")
def show(request: Request) -> Response:
    """The store's facts and the choices of this browser."""
    page = current_page()
    facts = [
        Fact(_("Name"), page.store.name),
        Fact(_("Currency"), page.store.currency),
        Fact(_("Language and numbers"), page.store.locale),
        Fact(_("Time zone"), page.store.time_zone),
    ]
    return render(request, "setup/setup.html", section="setup", facts=facts, themes=_themes())


@requires("viewer")
def parts(request: Request) -> Response:
    """Every macro of the kit with sample data, in every state."""
    return render(request, "setup/parts.html", section="setup", sample=samples.everything(current_page()))


@requires("viewer")
def preview(request: Request) -> Response:
    """What the sample sentence would do: the same numbers, with the answer for `least` as a rule would scale it."""
    page = current_page()
    least = page.query.get("least", "2")
    sample = samples.everything(page, least=int(least) if least.isdecimal() and len(least) < 4 else 2)
    return render(request, "setup/preview.html", sample=sample)


@requires("viewer")
def feed(request: Request) -> Response:
    """The rows of the sample feed, as a live list asks for them."""
    return render(request, "setup/feed.html", sample=samples.everything(current_page()))


def _themes() -> list[Option]:
    chosen = current_page().theme
    choices = (("", _("As the system has it")), ("light", _("Light")), ("dark", _("Dark")))
    return [Option(value, text, value == chosen) for value, text in choices]


AREA = Area(
    section="setup",
    routes=(
        Route("/setup", show, name="setup"),
        Route("/setup/parts", parts, name="parts"),
        Route("/setup/parts/preview", preview, name="parts_preview"),
        Route("/setup/parts/feed", feed, name="parts_feed"),
    ),
)
