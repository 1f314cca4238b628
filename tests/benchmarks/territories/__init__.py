"""Territory engine beside its peers: quality and CPU seconds in one run."""
