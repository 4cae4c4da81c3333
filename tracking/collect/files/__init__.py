"""Reading a shop's files: rows through a mapping of columns, slices into the log, a summary, and a file of what was refused.

An import appends events like any other door and never writes into tables. What a file says twice, or is imported twice, is in
the log once: a row's key comes from its business key.
"""
