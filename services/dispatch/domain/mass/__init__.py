"""One event over an area with many people: a list by risk, a state for each, everybody counted once."""
