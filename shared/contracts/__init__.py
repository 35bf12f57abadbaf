"""Messages on the wire (MQTT, log, commands, HTTP, WebSocket), versioned, as pydantic models."""
