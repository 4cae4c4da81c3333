"""The generic platform: signed webhooks of the demo shop, of plugins, and of anybody's own shop.

The raw delivery is a row of the log; the reaction `platforms.generic` reads it and says what it means.
"""

from storefront_plugin.platforms.generic.endpoints import ROUTES
from storefront_plugin.platforms.generic.reactions import REACTIONS

__all__ = ["REACTIONS", "ROUTES"]
