"""The outbox: a message is a row, unique per subject, step and channel, claimed with a lease and sent once.

It knows no milestone and no template; whoever queues a message also says how it is rendered.
"""
