"""Storefronts with their keys, currency, locale and time zone; the staff who may look after them; the audit log.

A store never knows what happened in it. Keys are stored hashed, a secret key sealed.
"""
