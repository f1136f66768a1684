"""Ranking by the final score and choosing the candidates within the quota (H3, Q22, Q23, Q34)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from zhiheng.rules.decision import Decision, Reason, decide
from zhiheng.rules.pack import Award, Parameters
from zhiheng.rules.thresholds import plain, shown

Key = tuple[Fraction, ...]
_ABSENT = Fraction(-1)  # below every score: a part that an entry does not have never wins a tie


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry's exact scores. sections: points by section code, of the site visit (of the materials where there is none)."""

    entry: str
    award: str
    final: Fraction
    material: Fraction
    site: Fraction | None = None
    survey: Fraction | None = None
    sections: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with its place. tied: another one is equal on the final score and on every tie breaker."""

    standing: Standing
    place: int
    tied: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """chosen: entry codes, award by award from high to low; left_out_tied: tied at the last place and left out rather than exceed
    the quota; ranked: all entries; reasons: entry → why it is in or out."""

    chosen: tuple[str, ...]
    left_out_tied: tuple[str, ...]
    ranked: tuple[Ranked, ...]
    reasons: Mapping[str, Reason]


def rank(standings: Sequence[Standing], award: Award) -> list[Ranked]:
    """The award's entries by final score, then its tie breakers in order. Equal on all: the same place, in the neutral order of
    their codes; the next place is skipped accordingly (1, 1, 3)."""
    own = [standing for standing in standings if standing.award == award.code]
    ranked: list[Ranked] = []
    for group in _groups(own, lambda standing: _key(standing, award)):
        place = len(ranked) + 1
        ranked.extend(Ranked(standing, place, len(group) > 1) for standing in group)
    return ranked


def candidates(
    standings: Sequence[Standing], awards: Sequence[Award], params: Parameters, office_order: Sequence[str] = ()
) -> Decision[Candidates]:
    """The candidate list of all awards (H3): at or above the award's final threshold, from high to low, never above its quota.

    Ties at the last place: after the tie breakers, `office_order` (entry codes, first wins) decides among the tied; who is then still
    tied is left out, with a warning (Q22). Places stay empty when fewer pass (Q23). With a pooled quota (Q34) the awards share the sum
    of their places, compared by the share of each award's full score. Refused: an entry of an unknown award, or listed twice.
    """
    by_code = {award.code: award for award in awards}
    wrong = _wrong(standings, by_code)
    if wrong:
        return decide(wrong)
    ranked = tuple(place for award in awards for place in rank(standings, award))
    passing = [standing for standing in standings if standing.final >= by_code[standing.award].final_threshold.value]
    chosen: set[str] = set()
    tied: set[str] = set()
    vacancies: list[Reason] = []
    for pool in [list(awards)] if params.quota_pooled.value else [[award] for award in awards]:
        quota = sum(award.quota.value for award in pool)
        codes = {award.code for award in pool}
        contenders = [standing for standing in passing if standing.award in codes]
        taken, left = _take(contenders, quota, _pool_key(pool), office_order)
        chosen.update(taken)
        tied.update(left)
        if len(taken) < quota:
            vacancies.append(_vacancy(pool, quota, len(taken)))
    decimals = params.shown_decimals.value
    reasons = {r.standing.entry: _why(r, by_code[r.standing.award], chosen, tied, decimals) for r in ranked}
    order = [r.standing.entry for r in ranked]
    result = Candidates(tuple(e for e in order if e in chosen), tuple(e for e in order if e in tied), ranked, reasons)
    return decide([*reasons.values(), *vacancies], result)


def _wrong(standings: Sequence[Standing], awards: Mapping[str, Award]) -> list[Reason]:
    article = next(iter(awards.values())).quota.article if awards else ""
    seen: set[str] = set()
    reasons = []
    for standing in standings:
        if standing.award not in awards:
            text = f"{standing.entry}所属奖项“{standing.award}”不在本次评选之列，请核对"
            reasons.append(Reason(False, text, article, "H3", "candidate.award"))
        if standing.entry in seen:
            text = f"{standing.entry}重复列入排序，请删除重复项"
            reasons.append(Reason(False, text, article, "H3", "candidate.twice"))
        seen.add(standing.entry)
    return reasons


def _key(standing: Standing, award: Award) -> Key:
    """Final score and tie breakers: the greater, the better."""
    return (standing.final, *(_breaker(standing, breaker) for breaker in award.tie_breakers.value))


def _breaker(standing: Standing, breaker: str) -> Fraction:
    if breaker.startswith("section:"):
        return standing.sections.get(breaker.removeprefix("section:"), _ABSENT)
    parts = {"site": standing.site, "material": standing.material, "survey": standing.survey}
    part = parts[breaker]
    return _ABSENT if part is None else part


def _pool_key(pool: Sequence[Award]) -> Callable[[Standing], Key]:
    """One award: its own key. Several: shares of what each award's scores can reach without the bonus, since their scales differ,
    padded to one length so that no award wins by having more tie breakers."""
    if len(pool) == 1:
        return lambda standing: _key(standing, pool[0])
    by_code = {award.code: award for award in pool}
    longest = max(len(award.tie_breakers.value) for award in pool) + 1

    def key(standing: Standing) -> Key:
        award = by_code[standing.award]
        full = award.full_mark * sum(award.weights.value.values(), Fraction(0)) + award.survey_full.value
        final, *breakers = _key(standing, award)
        shares = (final / full, *(part / award.full_mark if part >= 0 else part for part in breakers))
        return shares + (_ABSENT,) * (longest - len(shares))

    return key


def _groups(standings: Sequence[Standing], key: Callable[[Standing], Key]) -> list[list[Standing]]:
    """Groups of equal key from the best to the worst; inside a group by entry code."""
    keys = {standing.entry: key(standing) for standing in standings}
    ordered = sorted(standings, key=lambda standing: standing.entry)
    ordered.sort(key=lambda standing: keys[standing.entry], reverse=True)
    return [list(group) for _, group in groupby(ordered, key=lambda standing: keys[standing.entry])]


def _take(
    standings: Sequence[Standing], quota: int, key: Callable[[Standing], Key], office_order: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The entries within the quota, and those left out because they are still tied at the last place."""
    taken: list[str] = []
    for group in _groups(standings, key):
        free = quota - len(taken)
        if free <= 0:
            break
        entries = [standing.entry for standing in group]
        if len(entries) <= free:
            taken.extend(entries)
            continue
        preferred = [entry for entry in dict.fromkeys(office_order) if entry in entries]
        taken.extend(preferred[:free])
        # With enough entries named by the office nobody is "still tied": the others simply come after the last place.
        return taken, [] if len(preferred) >= free else [entry for entry in entries if entry not in preferred]
    return taken, []


def _vacancy(pool: Sequence[Award], quota: int, taken: int) -> Reason:
    titles = "、".join(award.title for award in pool)
    text = f"{titles}候选名额{quota}个，列入{taken}个，空缺{quota - taken}个，不降低标准递补"
    return Reason(True, text, pool[0].quota.article, "H3", "candidate.vacancy")


def _why(ranked: Ranked, award: Award, chosen: set[str], tied: set[str], decimals: int) -> Reason:
    standing, line = ranked.standing, award.final_threshold.value
    score = shown(standing.final, decimals, line)
    head = f"{standing.entry}最终得分{score}分，{award.title}排序第{ranked.place}名"
    if standing.entry in chosen:
        return Reason(True, f"{head}，达到{plain(line)}分且在名额之内，列入授奖候选名单", award.quota.article, "H3", "candidate.in")
    if standing.final < line:
        text = f"{head}，未达到{plain(line)}分，不列入授奖候选名单"
        return Reason(True, text, award.final_threshold.article, "H3", "candidate.below")
    if standing.entry in tied:
        text = f"{head}，与他人在末位名额并列且无法区分，为不超过名额暂不列入；如须列入，请省质评办研究确定先后并记录在案"
        return Reason(False, text, award.tie_breakers.article, "H3", "candidate.tied", warning=True)
    return Reason(True, f"{head}，达到{plain(line)}分但名额已满，不列入授奖候选名单", award.quota.article, "H3", "candidate.full")
