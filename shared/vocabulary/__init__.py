"""Yinling's words as values. Standard library only."""
