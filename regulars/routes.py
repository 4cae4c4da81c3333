"""Every route of the application, door by door."""

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from regulars.services import Services


def everything(services: Services) -> list[BaseRoute]:
    """Routes that Starlette dispatches."""
    return []


def hot(services: Services) -> dict[str, ASGIApp]:
    """Paths that are answered without Starlette's routing, beside collect."""
    return {}
