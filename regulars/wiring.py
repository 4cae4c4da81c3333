"""Which reaction reads what: the whole behaviour of the system, as one table of contents.

Read from top to bottom it is the life of what a shop reports. Each part lists its own reactions; here they are put in order.
"""

from core.log import Reaction
from core.settings import Settings
from crm.notifications import reactions as notifications
from loyalty.rules import awarding
from personalization.recommendations import service as recommendations
from personalization.segments import service as segments
from storefront_plugin.platforms import generic
from tracking.catalog import service as catalog
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.people import service as people


def reactions(settings: Settings) -> tuple[Reaction, ...]:
    """Every reaction of this installation."""
    return (
        *generic.REACTIONS,  # a delivery → order received, refund received, parcel received, checkpoint received, product received
        *people.REACTIONS,  # whoever is named becomes a person; what belonged to another moves → identity moved
        *catalog.REACTIONS,  # product received, Product Viewed → the catalog and its versions
        *orders.REACTIONS,  # order received, Order Completed, refund received → order placed, order refunded, order cancelled
        *parcels.REACTIONS,  # parcel received, checkpoint received → parcel moved
        *segments.REACTIONS,  # order placed, identity moved, trait set → segment entered, segment left
        *awarding.REACTIONS,  # order placed, order refunded, order cancelled → points awarded, points taken back
        *notifications.reactions(settings),  # order placed, parcel moved → a message in the outbox
        *recommendations.reactions(settings.secret_key),  # Recommendations Shown → the book of exposures
    )
