"""A county that does not exist, and the devices and people in it."""
