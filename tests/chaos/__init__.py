"""Kill it and read the histories."""
