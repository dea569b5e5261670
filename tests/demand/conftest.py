"""Examples are the same on every machine and however slow it is."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same everywhere", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same everywhere")
