"""What became of the plans of a what-if, in words and for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from siting.scenario.works import BASE, COMPARISONS, Done
from siting.words import Phrase

BROKEN, NO_PLAN = 1, 3


def what_if_code(every: Sequence[Done]) -> int:
    """The exit code: 3 where some plan could not be made, else 1 where some plan breaks a must."""
    if any(done.trouble for done in every):
        return NO_PLAN
    return BROKEN if any(done.is_broken for done in every) else 0


def done_line(done: Done) -> Phrase:
    """One plan in a line."""
    said = done.trouble or _made(done)
    broken = _broken(done) if done.is_broken else Phrase("", "")
    return Phrase(f"{done.name.zh}：{said.zh}{broken.zh}", f"{done.name.en}: {said.en}{broken.en}")


def _made(done: Done) -> Phrase:
    """How long a plan took, where it did not stand already."""
    if not done.is_new:
        return Phrase("已有，未重算。", "stands already.")
    same = (f"，{done.reused} 个项目沿用已有答案", f", {done.reused} answers reused") if done.reused else ("", "")
    return Phrase(
        f"完成，{done.seconds:.0f} 秒（其中求解 {done.solving:.0f} 秒）{same[0]}。",
        f"done in {done.seconds:.0f} s, {done.solving:.0f} s of them solving{same[1]}.",
    )


def _broken(done: Done) -> Phrase:
    """Where to read what the verdict has against a plan."""
    return Phrase(
        f"核查不通过，见 {done.key}/plan.xlsx 的“核查”表。",
        f" It does not pass verification; see the sheet 核查 of {done.key}/plan.xlsx.",
    )


def done_facts(done: Done) -> Mapping[str, object]:
    """One plan for machines."""
    return {
        "key": done.key,
        "name": {"zh": done.name.zh, "en": done.name.en},
        "is_new": done.is_new,
        "reused": done.reused,
        "breaks_a_must": done.is_broken,
        "comparison": None if done.key == BASE or done.trouble else f"{COMPARISONS}/{done.key}",
        "trouble": {"zh": done.trouble.zh, "en": done.trouble.en} if done.trouble else None,
        "seconds": round(done.seconds, 3),
        "solving_seconds": round(done.solving, 3),
    }
