"""What to show to whom, and why: recommenders, their evaluation and training, live answers by slot, and the book of exposures.

Nouns: interactions, recommender, model, slot, level, reason, exposure. An answer never waits for a query that memory can answer, never
claims what it has no counts for, and uses a user's history for an anonymous id only where a token or the shop's server proved the link.
"""
