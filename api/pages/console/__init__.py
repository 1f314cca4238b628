"""The manager's console."""
