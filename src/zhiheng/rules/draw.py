"""The draw of experts: who may sit where, what a lawful seating is, and how a seed decides (细则四(四)1, 四(五)1; duties F1, G1, K7).

The procedure, each step of which a stranger can repeat:

1. Pool, exclusions with their reasons, panels and what they need are frozen and their digest published.
2. From them a lottery is made: tickets, each a seating of all panels, as fair to every expert as the needs allow. It is published too.
3. Parties who committed to numbers reveal them; the numbers draw one ticket by RFC 3797.
4. Of a panel's qualified members the same numbers draw the leader. Who leaves a seat is followed by one drawn evenly among those who may
   sit there, by the same numbers and the next link of a hash chain whose end was published with the freeze.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhiheng.rules import rfc3797
from zhiheng.rules.decision import Decision, decide, no
from zhiheng.rules.draw_record import Exclusion, Frozen, PanelSpec
from zhiheng.rules.pack import Parameters
from zhiheng.rules.recusal import ExpertFacts, Round, employer_key, found_conflicts

#: Panel code → its experts' codes, ascending.
Seating = Mapping[str, Sequence[str]]
#: (panel, kind) → how many experts of the kind it goes without.
Short = Mapping[tuple[str, str], int]

CITED = {"material": ("四(四)1", "F1"), "site": ("四(五)1", "G1")}
_KINDS = {"leader": "具备组长资格的专家", "field": "本行业（类别）专家", "assessor": "卓越绩效评审员"}
#: Begins the kind of those who know a part of the criteria best: "criteria:scheme:section".
CRITERIA = "criteria:"


def title_of(kind: str) -> str:
    """A kind of experts, in Chinese."""
    return _KINDS.get(kind) or f"擅长评价标准第{kind.rpartition(':')[2]}部分的专家"


def family(kind: str) -> str:
    """The sort of need that a kind belongs to: all parts of the criteria are one."""
    return kind.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert as a lottery sees them. seats: panels they can still take in this round; house: employer, "" for one of their own.

    panels: code of each panel where they may sit → the kinds that they count as there.
    """

    code: str
    house: str
    seats: int
    panels: Mapping[str, frozenset[str]]


def fits(expert: ExpertFacts, spec: PanelSpec) -> bool:
    """Whether the expert is of the panel's industry and category; what the panel leaves empty is not asked."""
    return (not spec.industries or bool(expert.industries & spec.industries)) and (
        not spec.categories or bool(expert.categories & spec.categories)
    )


def kinds_of(expert: ExpertFacts, spec: PanelSpec) -> frozenset[str]:
    """The kinds that the expert counts as on the panel."""
    found = {"leader": expert.leader, "field": fits(expert, spec), "assessor": expert.assessor}
    own = {f"{CRITERIA}{part}" for part in expert.criteria}
    return frozenset([*(kind for kind, is_one in found.items() if is_one), *(own & spec.least.keys())])


def exclusions(
    pool: Iterable[ExpertFacts],
    panels: Sequence[PanelSpec],
    unfit: Mapping[str, str],
    params: Parameters,
    on: date,
    round: Round,  # noqa: A002
) -> Iterator[Exclusion]:
    """Who cannot be drawn for what, and why. unfit: code → why the expert cannot be drawn in this round at all."""
    for expert in pool:
        if why := unfit.get(expert.code, "" if expert.active else "专家已停用"):
            yield Exclusion("", expert.code, why)
            continue
        for spec in panels:
            found = [ground.noted for entry in spec.entries for ground in found_conflicts(expert, entry, params, on, round)]
            if found:
                yield Exclusion(spec.code, expert.code, "；".join(found))


def faults(frozen: Frozen) -> Decision[None]:
    """What is wrong with what is to be frozen."""
    article, duty = CITED[frozen.round]
    found = []
    if not frozen.panels:
        found.append("没有待抽取的专家组，请先编组")
    found += [f"专家{code}在专家库名单中重复，请删除重复项" for code in _repeated(expert.code for expert in frozen.pool)]
    found += [f"专家组{code}重复，请删除重复项" for code in _repeated(spec.code for spec in frozen.panels)]
    found += [f"专家组{spec.code}人数须为1人以上，请调整" for spec in frozen.panels if spec.size < 1]
    found += [f"{code}重复编入专家组，请只保留一处" for code in _repeated(e.code for spec in frozen.panels for e in spec.entries)]
    return decide(reason for text in found for reason in no(text, article=article, duty=duty, code="input").reasons)


def _repeated(codes: Iterable[str]) -> list[str]:
    return sorted(code for code, times in Counter(codes).items() if times > 1)


def candidates(frozen: Frozen) -> tuple[Candidate, ...]:
    """Those who may sit on one panel at least, in order of their codes."""
    out = {(exclusion.panel, exclusion.expert) for exclusion in frozen.excluded}
    houses = _houses(frozen.pool) if frozen.one_per_employer else {}
    found = []
    for expert in sorted(frozen.pool, key=lambda one: one.code):
        seats = frozen.max_load - expert.load
        if seats < 1 or ("", expert.code) in out:
            continue
        panels = {spec.code: kinds_of(expert, spec) for spec in frozen.panels if (spec.code, expert.code) not in out}
        if panels:
            found.append(Candidate(expert.code, houses.get(expert.code, ""), seats, panels))
    return tuple(found)


def _houses(pool: Iterable[ExpertFacts]) -> dict[str, str]:
    """Expert → employer: one and the same where the name or the credit code agrees; an expert without either shares it with nobody."""
    same: dict[str, str] = {}

    def root(key: str) -> str:
        while same.setdefault(key, key) != key:
            key = same[key]
        return key

    keys = {e.code: [key for name in (e.employer, e.credit_code) if (key := employer_key(name))] for e in pool}
    for names in keys.values():
        for name in names[1:]:
            first, second = sorted((root(names[0]), root(name)))
            same[second] = first
    return {code: root(names[0]) for code, names in keys.items() if names}


def broken(seating: Seating, frozen: Frozen, known: Mapping[str, Candidate], short: Short) -> list[str]:
    """What is unlawful about a seating, in Chinese. known: the candidates by code; short: what the lottery goes without, openly."""
    found = [] if seating.keys() == {spec.code for spec in frozen.panels} else ["专家组不全"]
    for spec in frozen.panels:
        members = seating.get(spec.code, ())
        strangers = [code for code in members if code not in known or spec.code not in known[code].panels]
        found += [f"专家组{spec.code}的专家{code}不在可抽取之列" for code in strangers]
        if len(set(members)) != spec.size or len(members) != spec.size:
            found.append(f"专家组{spec.code}应为{spec.size}名专家")
        if strangers:
            continue
        houses = [known[code].house for code in members if known[code].house]
        if len(set(houses)) < len(houses):
            found.append(f"专家组{spec.code}有专家出自同一单位")
        for kind, least in spec.least.items():
            if sum(kind in known[code].panels[spec.code] for code in members) < least - short.get((spec.code, kind), 0):
                found.append(f"专家组{spec.code}的{title_of(kind)}不足")
    load = Counter(code for members in seating.values() for code in members)
    found += [f"专家{code}参加的专家组超过上限" for code, times in sorted(load.items()) if code in known and times > known[code].seats]
    return found


def sources(method: str, seeds: Mapping[str, str], public_number: str) -> list[str]:
    """The numbers in the order that makes the key: by role, then the public one; what balls showed stands once."""
    numbers = [seeds[role] for role in sorted(seeds)]
    if method == "balls":
        return numbers[:1]
    return [*numbers, public_number] if public_number else numbers


def drawn_place(sources: Sequence[str], step: int, among: int, hash_name: str = "sha256") -> Decision[int]:
    """Which of `among` places (from 1) the sources draw: step `step` of RFC 3797 with another hash function.

    Step 0 draws the ticket; step n the leader of the n-th panel in order of the codes; of sources with a link, step 0 the successor.
    """
    key = rfc3797.key_of(sources)
    if key.value is None:
        return decide(key.reasons)
    value = rfc3797.step_digest(key.value, step, lambda data: hashlib.new(hash_name, data).digest())
    return decide((), int.from_bytes(value, "big") % among + 1)


def leaders(frozen: Frozen, seating: Seating, sources: Sequence[str], hash_name: str = "sha256") -> dict[str, str]:
    """Panel → leader where one is needed: the n-th panel's by step n of the key, among its qualified members in order of their codes."""
    known = {one.code: one for one in candidates(frozen)}
    led = {spec.code for spec in frozen.panels if spec.least.get("leader")}
    found = {}
    for step, panel in enumerate(sorted(seating), 1):
        able = sorted(code for code in seating[panel] if "leader" in known[code].panels[panel])
        place = drawn_place(sources, step, len(able), hash_name).value if panel in led and able else None
        if place is not None:
            found[panel] = able[place - 1]
    return found


def can_complete(spec: PanelSpec, staying: Collection[Candidate], open_seats: int, others: Collection[Candidate], short: Short) -> bool:
    """Whether those who stay can be made a lawful panel by `open_seats` of the others, who are all free for it.

    An exact search: the needed kinds are few, and each step takes somebody for a kind that is missing.
    """
    missing = {
        kind: need
        for kind, least in spec.least.items()
        if (need := least - short.get((spec.code, kind), 0) - sum(kind in one.panels[spec.code] for one in staying)) > 0
    }
    houses = {one.house for one in staying if one.house}
    free = [one for one in others if one.house not in houses]
    if len({one.house or f"#{one.code}" for one in free}) < open_seats:
        return False
    if not missing:
        return True
    if max(missing.values()) > open_seats:
        return False
    kind = min(missing)
    seen: set[tuple[frozenset[str], str]] = set()
    for one in free:
        mark = (one.panels[spec.code], one.house)
        if kind not in mark[0] or mark in seen:
            continue
        seen.add(mark)
        if can_complete(spec, [*staying, one], open_seats - 1, [other for other in free if other is not one], short):
            return True
    return False


def successors(
    spec: PanelSpec, staying: Collection[Candidate], open_seats: int, others: Collection[Candidate], short: Short
) -> list[Candidate]:
    """Who may take one of the open seats so that the panel can still be made whole, in order of their codes (K7)."""
    found = []
    houses = {one.house for one in staying if one.house}
    for one in sorted(others, key=lambda other: other.code):
        if one.house in houses:
            continue
        rest = [other for other in others if other is not one]
        if can_complete(spec, [*staying, one], open_seats - 1, rest, short):
            found.append(one)
    return found
