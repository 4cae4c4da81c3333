"""The intake: the Segment protocol, checked, stamped, and durable before it is answered.

A row that was answered 200 is in the log. Nothing here knows what an event means; that begins with the reactions.
"""
