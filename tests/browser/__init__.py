"""Real Chromium on a whole instance."""
