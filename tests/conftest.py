"""Settings that all tests share."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")  # the same examples every time; run without CI to look for new ones
