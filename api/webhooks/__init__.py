"""Events for other programs: written with the act they tell of, delivered signed and again until they arrive."""
