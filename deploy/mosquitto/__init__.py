"""Mosquitto as the broker of the compose server: configuration and the list it starts with."""
