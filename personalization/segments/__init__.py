"""Segments: conditions over people, and who is in them now and was in them as of any position of the log.

A segment is configuration; entering and leaving are facts (`segment entered`, `segment left`) that `segments.decide` and the
sweeps of time conclude; membership is the fold of those facts. A segment sends nothing and gives nothing.
"""
