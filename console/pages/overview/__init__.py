"""Overview."""

from starlette.routing import Route

from console.navigation import Area
from console.pages.overview import pages

AREA = Area(
    section="overview",
    routes=(
        Route("/overview", pages.show, name="overview", methods=["GET"]),
        Route("/overview/feed", pages.show_feed, name="overview_feed", methods=["GET"]),
        Route("/overview/loading", pages.show_loading, name="overview_loading", methods=["GET"]),
        Route("/overview/days.csv", pages.download, name="overview_csv", methods=["GET"]),
    ),
)
