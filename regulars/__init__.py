"""Puts everything together: the ASGI application, the command line, and the table of reactions."""
