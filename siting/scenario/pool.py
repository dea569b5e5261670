"""Processes of their own for plans that are worked on side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

PROCESSES = min(2, os.cpu_count() or 1)


@contextmanager
def processes() -> Iterator[Executor]:
    """So many processes; what stops the work inside, Ctrl-C too, leaves what has not begun undone."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def end_with_parent() -> None:
    """From now on this process ends when the one that made it does, even where that is killed."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
