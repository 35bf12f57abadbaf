"""Mosquitto as the broker of the compose server: configuration and its password and access files."""
