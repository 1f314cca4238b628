"""Territories: balanced, compact, gap-free, explained, and stable when they change."""
