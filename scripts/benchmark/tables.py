"""Results as tables for README.md: ``python scripts/benchmark/tables.py RESULT.json ... > tables.md``.

Takes what published.py, scale.py and distances.py write with --json. The README's tables lie between two marks;
``--into README.md`` puts them there.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- results -->", "<!-- end of results -->"

Said = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or put them into a file; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="+")
    parser.add_argument("--into", type=Path, help="put the tables between the marks of this file")
    given = parser.parse_args(arguments)
    said = [json.loads(file.read_text(encoding="utf-8")) for file in given.results]
    text = "\n".join(line for one in said for line in (*tables(one), ""))
    if given.into is None:
        print(text)
        return 0
    before, begin, rest = given.into.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        print(f"{given.into}: there are no marks {BEGIN} and {END}", file=sys.stderr)
        return 2
    given.into.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def tables(said: Said) -> Iterator[str]:
    """The lines of a result: a title, the machine, and its tables."""
    yield f"### {said['script']}"
    yield ""
    yield machine_line(said["machine"])
    yield ""
    makers = {"published": _published, "scale": _scale, "distances": _distances}
    yield from makers.get(said["script"], _any)(said["rows"])


def machine_line(said: Said) -> str:
    """What it was measured on."""
    versions = ", ".join(f"{name} {version}" for name, version in said.get("versions", {}).items())
    memory = f", {said['memory_gib']} GiB" if said.get("memory_gib") else ""
    return f"{said['processor']}, {said['cores']} cores{memory}, {said['system']}, Python {said['python']}; {versions}."


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Markdown: the first column to the left, the others to the right."""
    yield "| " + " | ".join(headers) + " |"
    yield "|---|" + "---:|" * (len(headers) - 1)
    for row in rows:
        yield "| " + " | ".join(_cell(one) for one in row) + " |"


def _cell(said: object) -> str:
    if said is None:
        return ""
    return f"{said:.10g}" if isinstance(said, float) else str(said)


def _figure(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.3f}"


# --- published -------------------------------------------------------------------------------------------------


def _published(rows: list[Said]) -> Iterator[str]:
    groups = dict.fromkeys((row["folder"], _title(row)) for row in rows)
    headers = (
        "work",
        "rows",
        "proved",
        "seconds",
        "slowest",
        "mean gap %",
        "largest gap %",
        "farthest off %",
        "refused",
    )
    yield from _table(headers, (_group(rows, folder, title) for folder, title in groups))
    yield ""
    columns = ("instance", "problem", "p", "value", "published", "off %", "bound", "gap %", "seconds", "status")
    yield from _table(columns, (_line(row) for row in rows))


def _title(row: Said) -> str:
    words = row["problem"] + (" contiguous" if row["contiguous"] else "")
    return words if row["by"] == "siting" else f"{words} by {row['by']}"


def _group(rows: list[Said], folder: str, title: str) -> Sequence[object]:
    group = [row for row in rows if (row["folder"], _title(row)) == (folder, title)]
    gaps = [row["gap"] for row in group if row["gap"] is not None]
    seconds = [row["seconds"] for row in group]
    off = [abs(row["difference_percent"]) for row in group if row["difference_percent"] is not None]
    return (
        f"{folder}: {title}",
        len(group),
        sum(row["status"] == "optimal" for row in group),
        _figure(sum(seconds), 1),
        _figure(max(seconds), 1),
        _percent(statistics.mean(gaps) if len(gaps) == len(group) else None),
        _percent(max(gaps) if len(gaps) == len(group) else None),
        _figure(max(off, default=None), 4),
        sum(bool(row["faults"]) for row in group),
    )


def _line(row: Said) -> Sequence[object]:
    off = "" if row["difference_percent"] is None else f"{row['difference_percent']:+.4f}"
    numbers = (row["value"], row["published"], off, row["bound"], _percent(row["gap"]), _figure(row["seconds"], 2))
    return (row["instance"], _title(row), row["p"], *numbers, row["status"])


# --- distances -------------------------------------------------------------------------------------------------


def _distances(rows: list[Said]) -> Iterator[str]:
    headers = ("work", "peer", "runs", "ours s", "peer s", "ratio", "from", "to", "goal", "memory by result")
    yield from _table(headers, (_ratio(row) for row in rows))


def _ratio(row: Said) -> Sequence[object]:
    seconds = (_figure(row["ours_s"], 3), _figure(row["peer_s"], 3))
    ratios = tuple(_figure(row[name], 1) for name in ("ratio", "least", "most"))
    return (row["work"], row["peer"], row["runs"], *seconds, *ratios, row["goal"], _figure(row["memory"], 2))


# --- scale -----------------------------------------------------------------------------------------------------


def _scale(rows: list[Said]) -> Iterator[str]:
    headers = ("work", "value", "bound", "gap %", "seconds", "peak MiB", "s per county", "MiB per county", "status")
    yield from _table(headers, (_work(row) for row in rows))
    for row in rows:
        if row["answer"]["stages"]:
            yield ""
            yield from _table(
                (f"{row['work']}: stage", "value", "bound", "gap %", "seconds"),
                (_stage(stage) for stage in row["answer"]["stages"]),
            )


def _work(row: Said) -> Sequence[object]:
    said, seconds, peak = row["answer"], statistics.median(row["seconds"]), statistics.median(row["peak_mib"])
    each = [_figure(number / row["counties"], 2) if row["counties"] else "" for number in (seconds, peak)]
    numbers = (said["value"], said["bound"], _percent(said["gap"]), _figure(seconds, 2), _figure(peak, 0))
    return (row["work"], *numbers, *each, said["status"])


def _stage(stage: Said) -> Sequence[object]:
    name = f"{stage['programme']}: {stage['goal']}"
    return (name, stage["value"], stage["bound"], _percent(stage["gap"]), _figure(stage["seconds"], 2))


# --- others ----------------------------------------------------------------------------------------------------


def _any(rows: list[Said]) -> Iterator[str]:
    """Rows of plain values, the keys as headers."""
    headers = list(rows[0]) if rows else []
    if headers:
        yield from _table(headers, ([row.get(name) for name in headers] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
