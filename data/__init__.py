"""Sample data that comes with rounds; files only."""
