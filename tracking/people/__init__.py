"""Who an event is about: the graph of identities, profiles, traits and consent.

People owns the way from an identity to a person and from a person to positions in the log. It never merges two known users.
"""
