"""Real PostgreSQL, real brokers."""
