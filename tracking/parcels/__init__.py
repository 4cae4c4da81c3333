"""Parcels on their way: a state that is a pure function of the set of a carrier's checkpoints."""
