"""The clock's door: the Celery app, its schedule, and thin tasks that each sweep for what is due.

Celery carries nudges, the database carries the truth. A task is an idempotent sweep of a few lines; a lost one costs a second.
"""
