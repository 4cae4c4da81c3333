"""Queries over identities, people, what they were told and what they agreed to; each is scoped by store."""
