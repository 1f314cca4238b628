"""Vocabulary, travel and engine: from customers and visit frequencies to a checked journey plan."""
