from __future__ import annotations

from siting.latest import kept_for_latest


def test_the_same_object_is_answered_once_and_another_anew() -> None:
    asked: list[tuple[int, ...]] = []

    @kept_for_latest
    def total(numbers: tuple[int, ...]) -> int:
        """Their sum."""
        asked.append(numbers)
        return sum(numbers)

    first, equal = (1, 2), tuple(range(1, 3))
    assert (total(first), total(first), total(equal), total(first)) == (3, 3, 3, 3)
    assert len(asked) == 3
    assert total.__doc__ == "Their sum."
