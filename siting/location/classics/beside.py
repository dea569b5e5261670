"""Work that goes on in a thread beside other work, until that is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event


@contextmanager
def beside(work: Callable[[Event], None]) -> Iterator[None]:
    """Do work while the body does its own; the event tells it that the body is done. What it raises is raised."""
    is_over = Event()
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(work, is_over)
        try:
            yield
        finally:
            is_over.set()
        other.result()
