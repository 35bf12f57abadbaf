"""Pure code: no fixtures, no I/O."""
