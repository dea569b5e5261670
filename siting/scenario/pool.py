"""Processes of their own for plans that are worked on side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

PROCESSES = min(2, os.cpu_count() or 1)


@contextmanager
def processes() -> Iterator[Executor]:
    """So many processes; what stops the work inside, Ctrl-C too, leaves what has not begun undone."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
