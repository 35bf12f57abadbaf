"""The only public door: accounts, inboxes, WebSocket push, REST, and the screens' files."""
