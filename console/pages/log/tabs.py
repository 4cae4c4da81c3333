"""The four views of the log."""

from starlette.requests import Request

from console.frame import path_to
from console.language import gettext as _
from console.parts import Option


def tabs(request: Request, chosen: str) -> list[Option]:
    """Links to the views, the chosen one marked."""
    names = {
        "log": _("Events"),
        "set_aside": _("Set aside"),
        "audit": _("Audit"),
        "reactions": _("Reactions"),
    }
    return [Option(path_to(request, name), text, name == chosen) for name, text in names.items()]
