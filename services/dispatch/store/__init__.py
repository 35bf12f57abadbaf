"""Dispatch's rows."""
