"""A rule tried on the whole past: the same evaluation and the same arithmetic as live processing, over the same facts.

Nothing here writes. It runs in a process of its own, since a second of Python in the web process costs the intake its pace.
"""
