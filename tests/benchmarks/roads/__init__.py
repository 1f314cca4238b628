"""Roads against their targets: ``python -m tests.benchmarks.roads``."""
