"""The console's areas, in the order of the left bar. A new page adds its area here (see CONTRIBUTING.md)."""

from console.navigation import Area
from console.pages import log, order_news, orders, overview, parcels, people, products, rules, segments, setup

AREAS: tuple[Area, ...] = (
    overview.AREA,
    people.AREA,
    segments.AREA,
    orders.AREA,
    parcels.AREA,
    products.AREA,
    rules.AREA,
    order_news.AREA,
    log.AREA,
    setup.AREA,
)
