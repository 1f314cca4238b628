"""The live day: what has happened is frozen, what is still open is re-planned with as few changes as it needs."""
