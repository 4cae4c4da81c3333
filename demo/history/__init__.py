"""The shop's past, told to Regulars as any shop would tell it: browsing by collect, books by file, yesterday by webhook.

Its nouns: call (Segment JSON), file (gzipped CSV for `regulars import`), delivery (a signed webhook), progress. It never opens a
database and imports nothing of Regulars beyond the clock.
"""
