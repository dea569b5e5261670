"""Folders with published answers: which rows they hold, and what is wrong with those that cannot be used."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

COLUMNS = ("instance", "problem", "p", "radius_m", "distance", "value", "proved")
PROBLEMS = (
    *("p_median", "capacitated_p_median", "capacitated_location", "uncapacitated_location"),
    *("maximal_covering", "set_covering", "assignment"),
)
NEEDS_RADIUS = ("maximal_covering", "set_covering")
DISTANCE = re.compile(r"euclidean|euclidean_km|euclidean_floor|euclidean_round|haversine_\d+(\.\d+)?|graph")


class Broken(Exception):
    """A file or a row that cannot be used: where it is and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A published answer: the folder, the place it is written at ("location/answers.csv row 3"), and its columns.

    part: which problem of a file that holds many, 0 for the only one. unit: one in the last digit of the value.
    """

    folder: Path
    where: str
    instance: str
    problem: str
    p: int | None
    radius_m: float | None
    distance: str
    value: float
    unit: float
    is_proved: bool
    part: int = 0

    @property
    def name(self) -> str:
        """The instance, with the number of its problem where the file holds many."""
        return f"{self.instance}/{self.part}" if self.part else self.instance


def read_rows(data_dir: Path) -> tuple[list[Row], list[Broken]]:
    """Every row of every folder that has answers.csv, and the broken ones. Raises Broken where there is no folder."""
    folders = [data_dir, *sorted(path for path in data_dir.glob("*") if path.is_dir())]
    folders = [folder for folder in folders if (folder / "answers.csv").is_file()]
    if not folders:
        raise Broken(f"{data_dir}: no answers.csv here, nor in a folder below")
    rows, broken = list[Row](), list[Broken]()
    for folder in folders:
        found = list(_folder_rows(folder))
        rows += [one for one in found if isinstance(one, Row)]
        broken += [one for one in found if isinstance(one, Broken)]
    return rows, broken


def chosen(rows: Sequence[Row], only: str | None) -> list[Row]:
    """The rows whose instance, folder or problem fits a pattern such as pmed*. Raises Broken where none does."""
    if only is None:
        return list(rows)
    fits = [row for row in rows if any(fnmatch(word, only) for word in _words(row))]
    if not fits:
        raise Broken(f"--only {only}: no such instance; there are {', '.join(dict.fromkeys(r.instance for r in rows))}")
    return fits


def _words(row: Row) -> tuple[str, ...]:
    return row.instance, row.name, row.folder.name, row.problem, f"{row.folder.name}/{row.name}"


def _folder_rows(folder: Path) -> Iterator[Row | Broken]:
    file = folder / "answers.csv"
    named = set[str]()
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            table = csv.DictReader(opened)
            lacking = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if lacking:
                yield Broken(f"{folder.name}/answers.csv: no column {', '.join(lacking)}")
                return
            for number, cells in enumerate(table, 1):
                named.add(cells["instance"] or "")
                yield _row_or_fault(folder, number, cells)
    except (OSError, UnicodeDecodeError, csv.Error) as flaw:
        yield Broken(f"{folder.name}/answers.csv: cannot be read ({flaw})")
    for text in sorted(folder.glob("*.txt")):
        if text.stem not in named:
            yield from _many(folder, text)


def _row_or_fault(folder: Path, number: int, cells: dict[str, str | None]) -> Row | Broken:
    try:
        return _row(folder, f"{folder.name}/answers.csv row {number}", cells)
    except Broken as fault:
        return fault


def _row(folder: Path, where: str, cells: dict[str, str | None]) -> Row:
    said = {name: (cells[name] or "").strip() for name in COLUMNS}
    if not said["instance"]:
        raise Broken(f"{where}: no instance")
    if said["problem"] not in PROBLEMS:
        raise Broken(f"{where} ({said['instance']}): unknown problem '{said['problem']}'; known: {', '.join(PROBLEMS)}")
    if not DISTANCE.fullmatch(said["distance"]):
        raise Broken(f"{where} ({said['instance']}): unknown distance '{said['distance']}'; known: {DISTANCE.pattern}")
    if said["proved"] not in ("0", "1"):
        raise Broken(f"{where} ({said['instance']}): proved is '{said['proved']}', it should be 0 or 1")
    if said["problem"] in NEEDS_RADIUS and not said["radius_m"]:
        raise Broken(f"{where} ({said['instance']}): {said['problem']} needs radius_m")
    p = _number(where, said, "p") if said["p"] else None
    if p is not None and (p != int(p) or p < 1):
        raise Broken(f"{where} ({said['instance']}): p is '{said['p']}', it should be a whole number from 1 on")
    return Row(
        folder=folder,
        where=where,
        instance=said["instance"],
        problem=said["problem"],
        p=None if p is None else int(p),
        radius_m=_number(where, said, "radius_m") if said["radius_m"] else None,
        distance=said["distance"],
        value=_number(where, said, "value"),
        unit=10.0 ** -len(said["value"].partition(".")[2]),
        is_proved=said["proved"] == "1",
    )


def _number(where: str, said: dict[str, str], name: str) -> float:
    try:
        number = float(said[name])
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise Broken(f"{where} ({said['instance']}): {name} is '{said[name]}', it should be a number from 0 on")
    return number


def _many(folder: Path, file: Path) -> Iterator[Row]:
    """Problems of a file that holds many of them, each with its optimum: capacitated p-median, floored distances."""
    lines = [line.split() for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    if not lines or len(lines[0]) != 1 or len(lines) < 3 or [len(line) for line in lines[1:3]] != [2, 3]:
        return
    at = 1
    while at + 1 < len(lines):
        part, best, size = lines[at][0], lines[at][1], lines[at + 1][0]
        if not (part.isdigit() and size.isdigit()):
            return
        yield Row(
            folder=folder,
            where=f"{folder.name}/{file.name} problem {part}",
            instance=file.stem,
            problem="capacitated_p_median",
            p=None,
            radius_m=None,
            distance="euclidean_floor",
            value=float(best),
            unit=1.0,
            is_proved=True,
            part=int(part),
        )
        at += 2 + int(size)
