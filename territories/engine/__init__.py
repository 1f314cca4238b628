"""Numeric core of territory design: arrays in, arrays out, no domain objects.

The engine solves capacitated assignment to centres: every basic unit goes to one territory, the load of every
territory stays inside a band for every activity measure, and the weighted cost to the centres is least.
"""
