"""Rewards: points as money. Rules give them, the ledger keeps them, a backtest tries a rule on the whole past.

Nothing here writes to a shopper; that is what the facts it appends are for.
"""
