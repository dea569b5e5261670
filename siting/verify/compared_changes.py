"""What a comparison says moves, looked at again: sites, schools of units, reach, units apart, the worst served."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from siting.verify.flaws import Flaw, said_of
from siting.verify.stated import Side, Stated, number, other_flaws, told_flaws, unlike
from siting.words import Phrase

SAME_PLACE_M, SAME_ID_M = 5.0, 200.0
"""Sites so near are one whatever their ids; new builds of one id farther apart than that are two."""

SOMEBODY, WORST = 0.5, 10


def _name_flaws(row: Stated, where: str, name: str) -> Iterator[Flaw]:
    if row["name"] != name:
        yield said_of(where, f"应名为 {name}，写为 {row['name']}", f"is called {name}, told as {row['name']}")


def _village_names(side: Side) -> Mapping[str, str]:
    return {str(row["village_id"]): str(row["village"]) for row in side.unit.values()}


# --- sites ------------------------------------------------------------------------------------------------------


def site_flaws(rows: Sequence[Stated], base: Side, other: Side) -> Iterator[Flaw]:
    """Sites left out, invented, told twice, paired wrongly or kept apart, and numbers that are not the plans'."""
    yield from _told_once([row["base_id"] for row in rows], base)
    yield from _told_once([row["other_id"] for row in rows], other)
    known = [row for row in rows if _is_known(row["base_id"], base) and _is_known(row["other_id"], other)]
    for row in known:
        yield from _word_flaws(row, base, other)
        yield from _value_flaws(row, base, other)
    yield from _torn_flaws(known, base, other)


def _is_known(site_id: str, side: Side) -> bool:
    return not site_id or site_id in side.site


def _told_once(told: Sequence[str], side: Side) -> Iterator[Flaw]:
    times = Counter(site for site in told if site)
    for site in side.site:
        if times[site] != 1:
            yield said_of(
                str(site), f"应列出 1 次，实为 {times[site]} 次", f"should be listed once, and is {times[site]} times"
            )
    for site in times.keys() - side.site.keys():
        yield said_of(site, "不是该方案的学校", "is no school of that plan")


def _word_flaws(row: Stated, base: Side, other: Side) -> Iterator[Flaw]:
    """The word for the change, and whether the two sites are one at all."""
    where = row["name"]
    if row["base_id"] and row["other_id"]:
        before, after = base.site[row["base_id"]], other.site[row["other_id"]]
        if not _are_one(before, after):
            yield said_of(where, "把两所学校当作一所", "takes two schools for one")
        is_kept = before["action"] == after["action"] and all(
            before[key] == after[key] or (pd.isna(before[key]) and pd.isna(after[key])) for key in ("classes", "seats")
        )
        word = "kept" if is_kept else "changed"
    else:
        word = "lost" if row["base_id"] else "gained"
    if row["change"] != word:
        yield said_of(where, f"应为 {word}，写为 {row['change']}", f"is {word}, and is called {row['change']}")


def _are_one(before: Stated, after: Stated) -> bool:
    metres = math.dist((before["x"], before["y"]), (after["x"], after["y"]))
    if before["site_id"] != after["site_id"]:
        return metres <= SAME_PLACE_M
    return metres <= SAME_ID_M or before["action"] != "new" or after["action"] != "new"


def _value_flaws(row: Stated, base: Side, other: Side) -> Iterator[Flaw]:
    for word, side in (("base", base), ("other", other)):
        site_id = row[f"{word}_id"]
        site = side.site[site_id] if site_id else None
        for key in ("classes", "seats", "residents"):
            measured = 0.0 if site is None else float(site[key])
            yield from unlike(row["name"], f"{word}_{key}", measured, row[f"{word}_{key}"])
        action = "" if site is None else site["action"]
        if row[f"{word}_action"] != action:
            yield said_of(
                row["name"], f"的 {word}_action 应为 {action or '空'}", f"should have {word}_action '{action}'"
            )
    named = other.site[row["other_id"]] if row["other_id"] else base.site[row["base_id"]] if row["base_id"] else row
    yield from _name_flaws(row, row["other_id"] or row["base_id"], named["name"])
    yield from unlike(row["name"], "moved_m", _moved_m(row, base, other), row["moved_m"])


def _moved_m(row: Stated, base: Side, other: Side) -> float:
    if not (row["base_id"] and row["other_id"]):
        return math.nan
    before, after = base.site[row["base_id"]], other.site[row["other_id"]]
    return math.dist((before["x"], before["y"]), (after["x"], after["y"]))


def _torn_flaws(rows: Sequence[Stated], base: Side, other: Side) -> Iterator[Flaw]:
    """Sites told as lost and gained that are one."""
    lost = [row["base_id"] for row in rows if row["base_id"] and not row["other_id"]]
    gained = [row["other_id"] for row in rows if row["other_id"] and not row["base_id"]]
    for before in lost:
        for after in gained:
            if _are_one(base.site[before], other.site[after]):
                yield said_of(
                    before, f"与 {after} 是同一处，却写成一减一增", f"and {after} are one, told as lost and gained"
                )


# --- units ------------------------------------------------------------------------------------------------------


def shared(base: Side, other: Side) -> list[str]:
    """Units of both plans whose village consists of the same units in both."""
    whole = [side.units.groupby("village_id").groups for side in (base, other)]
    in_both = base.units.index[base.units.index.isin(other.units.index)]

    def members(which: int, side: Side, unit: str) -> set[str]:
        return set(whole[which][side.unit[unit]["village_id"]])

    return [unit for unit in in_both if members(0, base, unit) == members(1, other, unit)]


def unit_flaws(rows: Sequence[Stated], sites: Sequence[Stated], base: Side, other: Side) -> Iterator[Flaw]:
    """Changes of school left out, invented or told twice, and what they say of a unit that is not so."""
    becomes = {row["base_id"]: row["other_id"] for row in sites if row["base_id"]} | {"": ""}
    both = shared(base, other)
    moved = {unit for unit in both if _moves(base.unit[unit]["site"], other.unit[unit]["site"], becomes)}
    yield from told_flaws([row["unit_id"] for row in rows], moved, Phrase("换校", "a change of school"))
    for row in rows:
        if row["unit_id"] in moved:
            yield from _unit_row_flaws(row, base.unit[row["unit_id"]], other.unit[row["unit_id"]])


def _moves(before: str, after: str, becomes: Mapping[str, str]) -> bool:
    is_gone = before != "" and becomes.get(before, "") == ""
    return is_gone or becomes.get(before) != after


def _unit_row_flaws(row: Stated, before: Stated, after: Stated) -> Iterator[Flaw]:
    expected = {
        "name": after["name"], "township": after["township"], "base_site": before["site"],
        "other_site": after["site"], "base_school": before["school"], "other_school": after["school"],
    }  # fmt: skip
    yield from other_flaws(row["unit_id"], expected, row)
    for key, metres in (("residents", after["residents"]), ("base_m", before["metres"]), ("other_m", after["metres"])):
        yield from unlike(row["unit_id"], key, float(metres), row[key])


def reach_flaws(rows: Sequence[Stated], base: Side, other: Side) -> Iterator[Flaw]:
    """Villages left out or invented, and people gaining or losing reach that are not so many."""
    found = {str(village): one for village, one in _reach(base, other).to_dict("index").items()}
    yield from told_flaws([row["village_id"] for row in rows], set(found), Phrase("可达变化", "a change of reach"))
    names = _village_names(other)
    for row in rows:
        if row["village_id"] in found:
            yield from _name_flaws(row, row["village_id"], names[row["village_id"]])
            for key in ("residents", "gained", "lost"):
                yield from unlike(row["village_id"], key, found[row["village_id"]][key], row[key])


def _reach(base: Side, other: Side) -> pd.DataFrame:
    """Villages with somebody who gains or loses reach: residents, gained, lost."""
    both = shared(base, other)
    before, after = base.units.loc[both], other.units.loc[both]
    share = after["covered"] / after["residents"] - before["covered"] / before["residents"]
    people = (share * after["residents"]).where((before["residents"] > 0) & (after["residents"] > 0), 0.0)
    told = pd.DataFrame(
        {"residents": after["residents"], "gained": people.clip(lower=0.0), "lost": (-people).clip(lower=0.0)}
    )
    villages = told.groupby(after["village_id"]).sum()
    return villages[(villages["gained"] > SOMEBODY) | (villages["lost"] > SOMEBODY)]


def apart_flaws(rows: Sequence[Stated], base: Side, other: Side) -> Iterator[Flaw]:
    """Units of one plan only that are not told, or told of the wrong plan, or with other residents."""
    both = set(shared(base, other))
    for row in rows:
        if row["where"] not in ("base", "other"):
            yield said_of(row["unit_id"], f"的所属方案 {row['where']} 不认识", f"is said to be in '{row['where']}'")
    for where, side in (("base", base), ("other", other)):
        only = set(side.units.index) - both
        told = [row for row in rows if row["where"] == where]
        what = Phrase(f"仅在一方（{where}）", f"of one plan only ({where})")
        yield from told_flaws([row["unit_id"] for row in told], only, what)
        for row in told:
            if row["unit_id"] in only:
                residents = float(side.unit[row["unit_id"]]["residents"])
                yield from unlike(row["unit_id"], "residents", residents, row["residents"])
                yield from _name_flaws(row, row["unit_id"], side.unit[row["unit_id"]]["name"])


def worst_flaws(rows: Sequence[Stated], side: Side, where: str) -> Iterator[Flaw]:
    """Villages told as the worst served that are not, or whose mean is another; those left out."""
    lived_in = side.units[side.units["residents"] > 0]
    walked = (lived_in["residents"] * lived_in["metres"]).groupby(lived_in["village_id"]).sum()
    mean = walked / lived_in.groupby("village_id")["residents"].sum()
    told = [row["village_id"] for row in rows]
    expected = min(WORST, len(mean))
    if len(set(told)) != expected or len(told) != expected:
        yield said_of(
            where,
            f"应列 {expected} 个最远的村，实列 {len(told)} 个",
            f"should name {expected} villages, names {len(told)}",
        )
    names = _village_names(side)
    for row in rows:
        yield from _name_flaws(row, row["village_id"], names.get(row["village_id"], ""))
        yield from unlike(row["village_id"], "mean_m", float(mean.get(row["village_id"], math.nan)), row["mean_m"])
    nearest = min((number(row["mean_m"]) for row in rows), default=math.inf)
    for village in mean.index[~mean.index.isin(told) & (mean > nearest + 0.05)]:
        yield said_of(
            str(village), f"比所列的村更远，却未列入 {where}", f"is farther than those of {where}, and left out"
        )
