"""Captured payloads and examples: old versions stay for ever."""
