"""A year of made-up shoppers, the same every time for the same seed and the same last instant.

Its nouns: assortment (what is on the shelves), shopper (a person with a true taste), visit, order, parcel, occurrence (one thing
that happened, ready to be told to anybody). It is pure: it knows no network, no database, no clock, and nothing of Regulars.
"""
