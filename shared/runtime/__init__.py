"""The edge to the outside: clock, database, log, MQTT, HTTP, settings, logging, metrics."""
