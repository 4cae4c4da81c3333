"""The console's areas, in the order of the left bar. A new page adds its area here (see CONTRIBUTING.md)."""

from console.navigation import Area
from console.pages import setup

AREAS: tuple[Area, ...] = (setup.AREA,)
