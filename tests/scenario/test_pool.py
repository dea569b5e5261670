"""Processes that work side by side do not outlive the one that made them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import os, time
from siting.scenario.pool import processes

if __name__ == "__main__":
    with processes() as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 60)
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="looks processes up by signal 0")
def test_a_killed_run_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        worker = int(run.stdout.readline())
        assert _lives(worker)
        run.send_signal(signal.SIGKILL)
        run.wait()
        for _ in range(100):
            if not _lives(worker):
                break
            time.sleep(0.1)
    assert not _lives(worker)


def _lives(process: int) -> bool:
    """Whether a process is there and has not ended: one that nobody has asked for its end yet counts as ended."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
