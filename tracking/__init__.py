"""Facts: what clients and shops report, and who and what it is about.

Stores and their keys, the intake, people, the catalog, orders and parcels. Nothing here recommends, rewards or writes to anybody.
"""
