"""What a figure was measured on: the machine, as anyone could read it there, and the versions of what ran."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("siting", "numpy", "scipy", "numba", "highspy", "networkx", "spopt", "pulp", "pandana")


def machine() -> dict[str, object]:
    """Processor, cores, memory in GiB, system, Python, and the versions of the packages that are installed."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def write_json(file: Path, said: Mapping[str, object]) -> None:
    """What a script found, with the machine, as JSON; null where a number is not finite."""
    text = json.dumps(_plain({**said, "machine": machine()}), ensure_ascii=False, indent=1, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")


def _plain(said: object) -> object:
    if isinstance(said, Mapping):
        return {key: _plain(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_plain(value) for value in said]
    return None if isinstance(said, float) and not math.isfinite(said) else said


def peak_mib() -> float:
    """The most memory this process has held so far, MiB; nan where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024.0**2 if platform.system() == "Darwin" else 1024.0)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    said = _lines(Path("/proc/cpuinfo"), "model name")
    return next(said, platform.processor() or platform.machine())


def _memory_gib() -> float | None:
    kib = next(_lines(Path("/proc/meminfo"), "MemTotal"), "")
    return round(int(kib.split()[0]) / 1024.0**2, 1) if kib else None


def _lines(file: Path, word: str) -> Iterator[str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return (line.partition(":")[2].strip() for line in lines if line.startswith(word))
