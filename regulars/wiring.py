"""Which reaction reads what: the whole behaviour of the system, as one table of contents.

Read from top to bottom it is the life of what a shop reports. Each part lists its own reactions; here they are put in order.
"""

from core.log import Reaction
from storefront_plugin.platforms import generic
from tracking.catalog import service as catalog
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.people import service as people

REACTIONS: tuple[Reaction, ...] = (
    *generic.REACTIONS,  # a delivery becomes: order received, refund received, parcel received, checkpoint received, product received
    *people.REACTIONS,  # whoever is named becomes a person; what belonged to another moves (identity moved)
    *catalog.REACTIONS,  # product received, product viewed → the catalog and its versions
    *orders.REACTIONS,  # order received, Order Completed, refunds → order placed, order refunded, order cancelled
    *parcels.REACTIONS,  # parcel received, checkpoint received → parcel moved
)
