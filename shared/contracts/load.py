"""Alarm load of a seat, and things put aside for a while."""
