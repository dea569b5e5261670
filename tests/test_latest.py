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


def test_of_several_subjects_every_one_must_be_the_same() -> None:
    asked: list[tuple[str, str]] = []

    @kept_for_latest
    def way(here: str, there: str) -> str:
        asked.append((here, there))
        return f"{here} to {there}"

    assert [way("a", "b"), way("a", "b"), way("a", "c"), way("b", "c")] == ["a to b", "a to b", "a to c", "b to c"]
    assert asked == [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_question_asked_meanwhile_does_not_change_the_answer() -> None:
    @kept_for_latest
    def name(subject: str) -> str:
        if subject == "outer":
            name("inner")
        return subject

    assert (name("outer"), name("outer"), name("inner")) == ("outer", "outer", "inner")
