"""What can go wrong, each with its name and a way out."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass

from siting.words import Language, Phrase


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one input: the file, what is wrong (rows by name, measured value, limit), and the way out."""

    file: str
    what: Phrase
    cure: Phrase

    def said_in(self, language: Language) -> str:
        """The fault as the planner reads it."""
        return f"{self.file}: {self.what.said_in(language)} {self.cure.said_in(language)}".strip()


class InputError(Exception):
    """The data are wrong. Holds every fault found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(fault.said_in("en") for fault in faults))
        self.faults = faults


class RuleError(Exception):
    """A rulebook is badly written: the file, the rule, the key, and what would be right."""

    def __init__(self, what: Phrase) -> None:
        super().__init__(what.en)
        self.what = what


class SolverError(Exception):
    """A solver's claim and the returned plan disagree; the claim is refused."""


_IN_CHINESE: Mapping[int | None, str] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限，或正被别的程序占用",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "路径太长",
}


def said_by_system(zh: str, en: str, flaw: OSError) -> Phrase:
    """What could not be done, and in brackets why not, as the operating system has it."""
    why = flaw.strerror or str(flaw)
    return Phrase(f"{zh}（{_IN_CHINESE.get(flaw.errno, why)}）。", f"{en} ({why}).")
