"""Answers that have been found, kept in a folder: a question that is exactly another's is not answered twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from siting.location import Decision, Instance, StagedSolution, StageResult, Start, solve
from siting.location.decision import Tell

DECIMALS = 6
"""Metres that differ by less than a millionth are the same road: an edge that is split adds up differently."""


@dataclass(slots=True)
class Memory:
    """Answers of one version of the program (salt). Two processes may share the folder: a file is renamed when it is
    whole. found are the questions that were answered from it."""

    folder: Path
    salt: str
    found: list[str] = field(default_factory=list)

    def solve(self, instance: Instance, seconds: float, tell: Tell, start: Start | None = None) -> StagedSolution:
        """The answer to an instance, remembered or worked out; see ``siting.location.solve``. One found from nothing
        is as good as one from a start."""
        question = question_key(instance, self.salt)
        keys = (question,) if start is None else (question, _begun_key(question, start))
        for key in keys:
            known = self._read(key)
            if known is not None:
                self.found.append(key)
                return known
        answer = solve(instance, seconds, tell, start)
        self._write(keys[-1], answer)
        return answer

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _read(self, key: str) -> StagedSolution | None:
        """What was kept; None where there is nothing, or nothing whole."""
        try:
            with self._file(key).open("rb") as opened, np.load(opened, allow_pickle=False) as held:
                decision = Decision(held["arc"], held["is_open"], held["is_extended"])
                told = json.loads(str(held["told"]))
        except (OSError, KeyError, ValueError, EOFError, BadZipFile):
            return None
        stages = tuple(StageResult(**stage) for stage in told["stages"])
        return StagedSolution(decision, stages, told["method"])

    def _write(self, key: str, answer: StagedSolution) -> None:
        decision = answer.decision
        told = json.dumps({"method": answer.method, "stages": [asdict(stage) for stage in answer.stages]})
        self.folder.mkdir(parents=True, exist_ok=True)
        writing = self.folder / f".{key}.{os.getpid()}.npz"
        np.savez_compressed(
            writing, arc=decision.arc, is_open=decision.is_open, is_extended=decision.is_extended, told=np.array(told)
        )
        writing.replace(self._file(key))


def _begun_key(question: str, start: Start) -> str:
    """The SHA-256 of a question and of where its answer starts from."""
    begun = (question, sorted(start.opened), sorted(start.extended), sorted(start.site_of.items()))
    return hashlib.sha256(repr(begun).encode()).hexdigest()


def question_key(instance: Instance, salt: str) -> str:
    """The SHA-256 of everything an instance asks."""
    digest = hashlib.sha256(salt.encode())
    for name, content in _parts(instance):
        digest.update(f"{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _parts(asked: object) -> Iterator[tuple[str, bytes]]:
    """The fields of a record as bytes, arrays with their type, metres rounded."""
    for part in fields(asked):  # type: ignore[arg-type]
        value = getattr(asked, part.name)
        if isinstance(value, np.ndarray):
            rounded = np.round(value, DECIMALS) + 0.0 if part.name == "metres" else value
            yield part.name, str(rounded.dtype).encode() + rounded.tobytes()
        elif hasattr(value, "__dataclass_fields__"):
            yield from ((f"{part.name}.{name}", content) for name, content in _parts(value))
        else:
            yield part.name, repr(value).encode()
