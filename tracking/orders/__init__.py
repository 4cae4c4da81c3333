"""Orders, their lines and refunds: each order once, whichever of browser, server, webhook or file reports it."""
