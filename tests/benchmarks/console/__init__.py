"""The console at the size of a large area."""
