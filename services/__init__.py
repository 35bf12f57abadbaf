"""The three services and the watch; they meet on the wire and in the log, never by import."""
