"""The kinds of rules, one file each, gathered in `registry.py`."""
