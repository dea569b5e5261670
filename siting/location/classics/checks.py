"""What a problem is given, refused with its name, the value and the limit where it makes no sense."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from siting.errors import Fault, InputError
from siting.study import FloatArray, IntArray
from siting.words import Phrase


def refused(name: str, zh: str, en: str, limit: str) -> InputError:
    """An argument that makes no sense: its name, what is wrong with it, and what it should be."""
    return InputError((Fault(name, Phrase(f"{zh}。", f"{en}."), Phrase(f"应为 {limit}。", f"It should be {limit}.")),))


def column(name: str, numbers: FloatArray | float, length: int) -> FloatArray:
    """Numbers (length,), one number standing for all. Raises InputError on nan, negative ones and another length."""
    column = np.array(
        np.broadcast_to(np.asarray(numbers, dtype=float), (length,)) if np.ndim(numbers) == 0 else numbers
    )
    if column.shape != (length,):
        raise refused(name, f"形状为 {column.shape}", f"has shape {column.shape}", f"({length},)")
    wrong = np.flatnonzero(~(column >= 0))
    if len(wrong):
        where = f"[{wrong[0]}] = {column[wrong[0]]}"
        raise refused(name, f"{len(wrong)} 处不是非负数：{where}", f"{len(wrong)} numbers: {where}", ">= 0")
    return column.astype(float)


def positions(name: str, wanted: Iterable[int], length: int) -> IntArray:
    """Positions below a length, ascending, each once. Raises InputError on others."""
    found = np.unique(np.asarray(list(wanted), dtype=np.int64))
    wrong = found[(found < 0) | (found >= length)]
    if len(wrong):
        raise refused(name, f"有 {wrong[0]}", f"holds {wrong[0]}", f"0..{length - 1}")
    return found


def count(p: int, fixed: IntArray, sites: int) -> int:
    """How many sites are open. Raises InputError unless it lies between the fixed ones and all."""
    if not len(fixed) <= p <= sites or p < 1:
        raise refused("p", f"为 {p}", f"is {p}", f"{max(1, len(fixed))}..{sites}")
    return int(p)
