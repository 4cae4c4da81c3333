"""Rules: a condition plus an award, in versions. A version that was on is never changed, and says from which position it is on.

What a rule gives is a pure function of the order and of who its buyer was at that position; the same function runs live and in
a backtest.
"""
