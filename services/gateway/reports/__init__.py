"""Figures that follow from the log: read, kept as sums, asked for."""
