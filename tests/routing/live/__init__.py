"""Tests of the live day."""
