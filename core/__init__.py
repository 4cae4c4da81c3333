"""The ground everything stands on: settings, database, log, conditions, jobs, http, security, money, clock, ids.

It knows no business noun: a store, a person or an order is met here only as a number in a column.
"""
