"""Statements over orders, each scoped by store: `batches` for the fold, `statistics` per person, `pages` for readers."""
