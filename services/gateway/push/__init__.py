"""Push: one contiguous stream an inbox over WebSocket, as docs/wire/console.md says."""
