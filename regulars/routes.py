"""Every route of the application, door by door."""

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from console.app import create_console
from console.services import console_services
from crm.messaging import endpoints as messages
from loyalty.rules import endpoints as rules
from personalization.segments import endpoints as segments
from regulars.services import Services
from storefront_plugin import endpoints as storefront
from storefront_plugin.platforms import generic
from storefront_plugin.recommending import PATH, Recommendations
from tracking.catalog import endpoints as products
from tracking.collect import reading as events
from tracking.orders import endpoints as orders
from tracking.parcels import endpoints as parcels
from tracking.people import endpoints as people

API = (
    *events.ROUTES,
    *people.ROUTES,
    *products.ROUTES,
    *orders.ROUTES,
    *parcels.ROUTES,
    *segments.ROUTES,
    *rules.ROUTES,
    *messages.ROUTES,
)


def everything(services: Services) -> list[BaseRoute]:
    """Routes that Starlette dispatches."""
    console = console_services(
        services.settings, services.database, services.directory, services.runner, services.backtests
    )
    return [*API, *storefront.ROUTES, *generic.ROUTES, Mount("/console", create_console(console))]


def hot(services: Services) -> dict[str, ASGIApp]:
    """Paths that are answered without Starlette's routing, beside collect."""
    return {PATH: Recommendations(services.recommender, services.directory)}
