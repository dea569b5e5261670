"""What is wrong with numbers handed in: one message for all rows of a kind, each by name with what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from siting.errors import Fault, InputError
from siting.study import FloatArray
from siting.words import Phrase, name_some

Bools = NDArray[np.bool_]

PER_CHILD = 1.5
"""The most a rate per child can be; what has no higher limit is a share, not a count."""


def refuse(faults: Iterable[Fault]) -> None:
    """Raises InputError with every fault found, nothing where there is none."""
    found = tuple(faults)
    if found:
        raise InputError(found)


def unknown(file: str, called: Phrase, names: Sequence[str], values: FloatArray, cure: Phrase) -> Iterator[Fault]:
    """The rows of values (N,) or (N, K) in which nobody counted something."""
    per_row: Bools = np.asarray(np.isnan(_by_row(values)).any(axis=1))
    yield from rows(file, names, per_row, Phrase(f"没有{called.zh}", f"have no {called.en}"), cure)


def outside(
    file: str, called: Phrase, names: Sequence[str], values: FloatArray, within: tuple[float, float]
) -> Iterator[Fault]:
    """The rows of values (N,) or (N, K) with a number outside two limits, both allowed; the worst of a row is shown."""
    lower, upper = within
    table = _by_row(values)
    if not table.size:
        return
    beyond = np.where(np.isnan(table), 0.0, np.maximum(lower - table, table - upper))
    worst = table[np.arange(len(names)), beyond.argmax(axis=1)]
    said = _limits(lower, upper)
    yield from rows(
        file,
        [f"{name} ({value:g})" for name, value in zip(names, worst.tolist(), strict=True)],
        beyond.max(axis=1) > 0,
        Phrase(f"{called.zh}不在范围内（应{said.zh}）", f"have {called.en} out of range (has to be {said.en})"),
        _cure(upper, said),
    )


def rows(file: str, names: Sequence[str], is_wrong: Bools, what: Phrase, cure: Phrase) -> Iterator[Fault]:
    """One fault for the rows that are wrong, none where no row is."""
    wrong = int(is_wrong.sum())
    if not wrong:
        return
    some = name_some([names[row] for row in np.flatnonzero(is_wrong).tolist()])
    yield Fault(
        file,
        Phrase(
            f"{len(names)} 行中 {wrong} 行{what.zh}：{some.zh}。",
            f"{wrong} of {len(names)} rows {what.en}: {some.en}.",
        ),
        cure,
    )


def _by_row(values: FloatArray) -> FloatArray:
    return values.reshape(len(values), values.size // max(1, len(values)))


def _cure(upper: float, said: Phrase) -> Phrase:
    """What to write; shares are easily taken for per cent."""
    if upper > PER_CHILD:
        return Phrase(f"请改正，应{said.zh}。", f"Write a number {said.en}.")
    return Phrase(f"请改正，应{said.zh}；以 1 为总数，不用百分数。", f"Write a number {said.en}, not per cent.")


def _limits(lower: float, upper: float) -> Phrase:
    if np.isinf(upper):
        return Phrase(f"不小于 {lower:g}", f"at least {lower:g}")
    return Phrase(f"在 {lower:g} 至 {upper:g} 之间", f"between {lower:g} and {upper:g}")
