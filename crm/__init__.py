"""Relationships: what is written to people, and when. The only part that sends anything."""
