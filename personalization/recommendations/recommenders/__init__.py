"""Recommenders: one file per method, each with the same three methods.

`fit(interactions)` gives a model; `model.recommend(context, k, allowed)` gives a ranking with the counts behind it; `storage` saves and
loads any model as memory-mapped arrays. `registry` names them all. A recommender never reads a database, a clock or chance.
"""
