"""Elders and families at their own page."""
