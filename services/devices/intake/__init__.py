"""What arrives: alarms and foreign messages over MQTT, news from the log."""
