"""What was settled beforehand: forbidden projects are not done, required ones are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from siting.project import Lock
from siting.verify.flaws import Flaw
from siting.verify.recount import Recount
from siting.words import Phrase


def lock_flaws(seen: Recount, locks: Sequence[Lock]) -> Iterator[Flaw]:
    """Locks of the part's tier that it breaks. A required site may stand in another programme's area."""
    done = {site.id: site.action for site in seen.part.sites}
    here, candidates = set(seen.unit.tolist()), seen.area.candidates
    stands_in = dict(zip(candidates.id, candidates.unit.tolist(), strict=True))
    for lock in locks:
        action = done.get(lock.site, "")
        is_required, stands = lock.word == "require", lock.site in seen.existing
        if not is_required and action in ("new", "extend"):
            yield _flaw(lock, "不得建设，方案却安排了项目", "is forbidden and has a project")
        elif is_required and stands and action != "extend":
            yield _flaw(lock, "规定扩建，方案却没有扩建", "has to be extended and is not")
        elif is_required and not stands and action != "new" and stands_in.get(lock.site, -1) in here:
            yield _flaw(lock, "规定建设，方案却没有新建", "is required and is not built")


def _flaw(lock: Lock, zh: str, en: str) -> Flaw:
    return Flaw(
        lock.site,
        Phrase(f"{lock.site} {zh}（{lock.reason.zh}）", f"{lock.site} {en} ({lock.reason.en})"),
    )
