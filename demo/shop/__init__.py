"""Kettle Lane, a made-up shop: shelves, cart, checkout, orders and accounts, with a database of its own.

It is what any storefront is to Regulars: it knows the snippet, the widgets, the signed identity token and the `generic`
webhook, and imports nothing of Regulars. Its words: product, variant, cart, order, parcel, refund, account, delivery (one
webhook that has to arrive).
"""
