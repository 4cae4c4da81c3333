"""How a delivery stands in the log: its source, and its topic behind a prefix as its name."""

SOURCE = "webhook:generic"
PREFIX = "webhook generic "
