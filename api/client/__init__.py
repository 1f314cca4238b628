"""A small typed client of the service: ``Client("http://localhost:8000", token="…")``."""

from api.client.client import Client, Refused

__all__ = ["Client", "Refused"]
