"""Makers that speak something else: from their topics and payloads to what happened at an address."""
