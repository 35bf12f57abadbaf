"""Devices: identity, alarms over MQTT, receipts, makers that speak something else."""
