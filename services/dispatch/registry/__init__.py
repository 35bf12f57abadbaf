"""People and places: who may be asked, where help must go, how she is."""
