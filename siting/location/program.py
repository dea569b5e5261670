"""A linear program over integers as arrays, each row with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise cost @ x over row_lower <= matrix @ x <= row_upper, lower <= x <= upper, some x whole.

    matrix (M, N) in rows. sentence(row) says which sentence of the problem a row is: "assign: Ash".
    """

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    is_whole: BoolArray
    matrix: sparse.csr_array
    row_lower: FloatArray
    row_upper: FloatArray
    sentences: tuple[tuple[str, Sequence[str]], ...] = ()

    def sentence(self, row: int) -> str:
        """The sentence a row says."""
        for family, names in self.sentences:
            if row < len(names):
                return f"{family}: {names[row]}" if names[row] else family
            row -= len(names)
        return f"row {row}"

    def rows(self, family: str) -> slice:
        """Where the rows of a family are; empty where there are none."""
        first = 0
        for name, names in self.sentences:
            if name == family:
                return slice(first, first + len(names))
            first += len(names)
        return slice(0, 0)

    def with_rows(self, rows: IntArray) -> Program:
        """The same program with only some of its rows, which no longer know their sentences."""
        parts = (self.matrix[rows], self.row_lower[rows], self.row_upper[rows])
        return replace(self, matrix=parts[0], row_lower=parts[1], row_upper=parts[2], sentences=())

    def relaxed(self) -> Program:
        """The same program with nothing whole."""
        return replace(self, is_whole=np.zeros(len(self.cost), dtype=bool))

    def with_cost(self, cost: FloatArray) -> Program:
        """The same program with another objective."""
        return replace(self, cost=cost)

    def with_bounds(self, lower: FloatArray, upper: FloatArray) -> Program:
        """The same program with other bounds."""
        return replace(self, lower=lower, upper=upper)

    def with_row(self, weights: FloatArray, upper: float, sentence: str) -> Program:
        """The same program with one more row: weights @ x <= upper."""
        return replace(
            self,
            matrix=sparse.csr_array(sparse.vstack([self.matrix, sparse.csr_array(weights[None, :])])),
            row_lower=np.append(self.row_lower, -np.inf),
            row_upper=np.append(self.row_upper, upper),
            sentences=(*self.sentences, (sentence, ("",))),
        )

    def with_sums(self, families: Sequence[IntArray]) -> Program:
        """The same program with one more whole unknown for each family of unknowns, their sum."""
        sums = [family for family in families if len(family)]
        picks = np.zeros((len(sums), len(self.cost)))
        for line, family in enumerate(sums):
            picks[line, family] = 1.0
        wider = sparse.hstack([self.matrix, sparse.csr_array((len(self.row_lower), len(sums)))])
        lines = sparse.hstack([sparse.csr_array(picks), -sparse.eye_array(len(sums))])
        none = np.zeros(len(sums))
        return replace(
            self,
            cost=np.append(self.cost, none),
            lower=np.append(self.lower, none),
            upper=np.append(self.upper, picks.sum(axis=1)),
            is_whole=np.append(self.is_whole, np.ones(len(sums), dtype=bool)),
            matrix=sparse.csr_array(sparse.vstack([wider, lines])),
            row_lower=np.append(self.row_lower, none),
            row_upper=np.append(self.row_upper, none),
            sentences=(*self.sentences, ("sum", ("",) * len(sums))),
        )

    def least(self, price: FloatArray) -> float:
        """What the objective is at least, whatever the unknowns are, as prices of rows (M,) prove; any prices do."""
        price, side = self._proving(price)
        left = self.cost - self.matrix.T @ price
        best = np.where(left > 0.0, self.lower, self.upper)
        return float(price[price != 0.0] @ side[price != 0.0] + left[left != 0.0] @ best[left != 0.0])

    def dearer(self, price: FloatArray) -> FloatArray:
        """By how much that bound rises for every 1 that an unknown (N,) is more than its lower limit; below zero, for
        every 1 that it is less than its upper one."""
        return np.asarray(self.cost - self.matrix.T @ self._proving(price)[0])

    def _proving(self, price: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Prices as far as they prove anything, and the side of its row that each counts (M,)."""
        side = np.where(price > 0.0, self.row_lower, self.row_upper)
        return np.where(np.isfinite(side), price, 0.0), side

    def text(self, unknowns: Sequence[str] = ()) -> str:
        """The program as it is read, a line each: the objective, every row after its sentence, every unknown's limits.

        unknowns (N,) names the columns, x0, x1, ... without it.
        """
        names = unknowns or [f"x{k}" for k in range(len(self.cost))]
        kinds = np.where(self.is_whole, "whole", "real")
        cost = sparse.csr_array(self.cost[None, :])
        lines = [f"minimise | {_sum_text(cost, 0, names)}"]
        lines += [
            f"{self.sentence(m)} | {_between(low, _sum_text(self.matrix, m, names), high)}"
            for m, (low, high) in enumerate(zip(self.row_lower, self.row_upper, strict=True))
        ]
        lines += [
            f"{kind} | {_between(low, name, high)}"
            for name, kind, low, high in zip(names, kinds, self.lower, self.upper, strict=True)
        ]
        return "\n".join(lines) + "\n"

    def excess(self, x: FloatArray) -> FloatArray:
        """How far each row (M,) is off at x; below zero where there is room left."""
        activity: FloatArray = self.matrix @ x
        return np.maximum(self.row_lower - activity, activity - self.row_upper)

    def worst_row(self, x: FloatArray) -> tuple[float, str]:
        """The largest violation of any row or bound at x, and its sentence."""
        rows = self.excess(x)
        bounds = np.maximum(self.lower - x, x - self.upper)
        whole = np.where(self.is_whole, np.abs(x - np.round(x)), 0.0)
        found = [(float(v.max(initial=0.0)), v) for v in (rows, bounds, whole)]
        size, where = max(found, key=lambda pair: pair[0])
        if where is rows and len(rows):
            return size, self.sentence(int(rows.argmax()))
        return size, f"column {int(where.argmax()) if len(where) else -1}"


def _sum_text(matrix: sparse.csr_array, row: int, names: Sequence[str]) -> str:
    """The terms of a row in the order of the columns."""
    terms = slice(matrix.indptr[row], matrix.indptr[row + 1])
    inner = sorted((k, w) for k, w in zip(matrix.indices[terms], matrix.data[terms], strict=True) if w)
    words = [f"{'-' if w < 0 else '+'} {'' if abs(w) == 1 else f'{abs(w):.10g} '}{names[k]}" for k, w in inner]
    return " ".join(words).removeprefix("+ ") or "0"


def _between(low: float, middle: str, high: float) -> str:
    if low == high:
        return f"{middle} = {low:.10g}"
    before = "" if low == -np.inf else f"{low:.10g} <= "
    return before + middle + ("" if high == np.inf else f" <= {high:.10g}")


@dataclass(frozen=True, slots=True)
class Late:
    """Rows of a program of which few matter, where they are, and kin (L,): those that matter together."""

    rows: slice
    kin: IntArray


@dataclass(slots=True)
class Rows:
    """Rows being written, family by family."""

    width: int
    blocks: list[sparse.csr_array] = field(default_factory=list)
    lower: list[FloatArray] = field(default_factory=list)
    upper: list[FloatArray] = field(default_factory=list)
    sentences: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    def add(
        self,
        family: str,
        names: Sequence[str],
        entries: Sequence[tuple[IntArray, IntArray, FloatArray]],
        low: FloatArray | float,
        high: FloatArray | float,
    ) -> None:
        """One family of rows: entries are (row, column, value) triples, summed where they meet."""
        height = len(names)
        if height == 0:
            return
        row, column, value = (np.concatenate([np.asarray(e[k]) for e in entries]) for k in range(3))
        block = sparse.coo_array((value.astype(float), (row, column)), shape=(height, self.width))
        self.blocks.append(sparse.csr_array(block))
        self.lower.append(np.broadcast_to(np.asarray(low, dtype=float), height).copy())
        self.upper.append(np.broadcast_to(np.asarray(high, dtype=float), height).copy())
        self.sentences.append((family, names))

    def program(self, lower: FloatArray, upper: FloatArray, is_whole: BoolArray) -> Program:
        """The rows as a program without an objective."""
        return Program(
            cost=np.zeros(self.width),
            lower=lower,
            upper=upper,
            is_whole=is_whole,
            matrix=sparse.csr_array(sparse.vstack([sparse.csr_array((0, self.width)), *self.blocks])),
            row_lower=np.concatenate([np.zeros(0), *self.lower]),
            row_upper=np.concatenate([np.zeros(0), *self.upper]),
            sentences=tuple(self.sentences),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search ended with. x is None where no plan was found; value is recomputed from x, not the solver's word.

    status: optimal, stopped early, infeasible, unbounded.
    """

    status: str
    x: FloatArray | None
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to search: nodes of the tree (the same on every machine), a wall clock behind it, the share of its value
    that may stay open; begins_again: whether the tree may once it knows more, of use where its first plan is far from
    the best."""

    nodes: int = 10_000_000
    seconds: float = 60.0
    gap: float = 0.0
    begins_again: bool = True
