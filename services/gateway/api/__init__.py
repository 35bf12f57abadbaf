"""People over HTTP, `/api/v1`, as docs/wire/http.md says; and the screens' files."""
