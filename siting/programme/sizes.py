"""Classes and seats: what a school can grow to, and the smallest size that holds its pupils."""

from __future__ import annotations

import math

from siting.rules.terms import Terms


def largest_new(terms: Terms, max_classes: float) -> float:
    """Classes of the largest school a plot takes; nan where no menu says, 0 where the plot takes none of the menu."""
    if not terms.menu:
        return max_classes
    return float(max((size for size in terms.menu if not size > max_classes), default=0))


def largest_extension(terms: Terms, classes: float, max_classes: float) -> float:
    """Classes an existing school can be extended to; nan where it cannot grow, or nobody said how far."""
    sizes = [float(size) for size in terms.menu if size <= max_classes] if terms.menu else [max_classes]
    largest = max(sizes, default=math.nan)
    return largest if largest > classes else math.nan


def fitting(terms: Terms, pupils: float, more_than: float, largest: float) -> float:
    """Classes of the smallest school above a size that holds so many pupils; the largest where none holds them."""
    needed = math.ceil(pupils / terms.class_size - 1e-9)
    if not terms.menu:
        return min(float(max(needed, more_than + 1)), math.inf if math.isnan(largest) else largest)
    sizes = [size for size in terms.menu if more_than < size <= largest]
    return float(min((size for size in sizes if size >= needed), default=largest))
