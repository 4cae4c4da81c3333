"""The shopper's door: the snippet and widgets, what they ask, order pages, and the webhooks of shops."""
