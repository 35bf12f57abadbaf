"""Who may connect to the embedded broker: NATS asks us about every device."""
