"""Plain SQL of the public door: accounts, inboxes, and reads within a scope."""
