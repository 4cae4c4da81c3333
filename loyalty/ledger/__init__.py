"""The points ledger: double entry, append only, every award a lot with its own times.

An entry is never changed. A balance is the fold of entries; an award exists once per key; what a refund takes back comes from the
lots that its order earned. The ledger knows no rule.
"""
