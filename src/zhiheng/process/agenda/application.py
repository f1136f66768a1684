"""What an applicant's drafts wait for (B1–B5, D1–D3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.drafts import COLUMNS, returned, submissions
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.process.register import REGISTER
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import Reason
from zhiheng.rules.eligibility import SubmissionFacts, may_submit
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.application.models import Entry

#: Reasons that say which field is empty; the fields themselves are named.
EMPTY = frozenset({"field_missing", "no_establishment", "no_work_years", "no_local_work_years"})
#: Reason of the rule → the act that removes it. What is not named here can only be waited for.
ACTS = {
    **dict.fromkeys(sorted(EMPTY), "application.save"),
    "no_improvement": "application.save",
    "unevidenced": "application.attach",
    "undeclared": "application.declare",
    "unsigned": "application.declare",
    "state_secrets": "application.declare",
    "no_publicity": "application.internal_publicity",
    "publicity_dates": "application.internal_publicity",
    "publicity_objections": "application.internal_publicity",
    "publicity_proof": "application.internal_publicity",
}
#: The signature answers for everything else, and falls when anything else is changed: it comes last.
ORDER = ("application.save", "application.attach", "application.internal_publicity", "application.declare")
TITLES = {"application.save": "填写申报表", "application.attach": "上传证实性材料"}


def todos(scope: Scope) -> Iterator[Todo]:
    """Opening an application; for each draft its gaps, then its submission. Drafts are their applicant's alone."""
    if scope.role == Role.APPLICANT and scope.entry is None:
        yield from _open(scope)
    if scope.role != Role.APPLICANT and scope.entry is None:
        return
    drafts = scope.read(scope.with_status(EntryStatus.DRAFT).select_related("party__employer"), *COLUMNS)
    back = returned(drafts)
    for entry, facts in submissions(drafts):
        yield from _draft(scope, entry, facts, back.get(entry.code, ""))


def _open(scope: Scope) -> Iterator[Todo]:
    mine = scope.own(Entry.objects.exclude(status=EntryStatus.WITHDRAWN.value))
    taken = set(mine.values_list("cycle", flat=True))
    for pk, cycle in scope.cycles.items():
        if pk in taken or cycle.deadline is None or clock.now() >= cycle.deadline:
            continue
        early = cycle.opens_on is not None and clock.today() < cycle.opens_on
        why = f"申报自{chinese_date(cycle.opens_on)}开始" if early and cycle.opens_on else ""
        yield todo("application.open", cycle, cycle, cycle.title, until=last_day(cycle), term=True, blocked=why)


def last_day(cycle: Cycle) -> date | None:
    """The day of the deadline."""
    return cycle.deadline.astimezone(clock.SHANGHAI).date() if cycle.deadline else None


def _draft(scope: Scope, entry: Entry, facts: SubmissionFacts, back: str) -> Iterator[Todo]:
    cycle = entry.cycle
    assert cycle.deadline is not None  # set when the call was issued
    refusals = may_submit(facts, rules_of(cycle), scope.days.known, clock.now(), cycle.deadline).refusals
    late = [reason for reason in refusals if reason.code == "late"]
    until, by_act = last_day(cycle), _mended_by(refusals)
    if not late:
        for act, reasons in by_act.items():
            yield from _gap(entry, act, reasons, facts, until)
    open_ones = [f"尚未完成：{'、'.join(_title(act) for act in by_act)}"] if by_act else []
    why = [reason.text for reason in late] or open_ones + [reason.text for reason in refusals if reason.code not in ACTS]
    again = "补正后重新提交申报" if back else ""
    what = line(entry) + (f"（退回补正：{back}）" if back else "")
    yield todo("application.submit", entry, cycle, what, title=again, until=until, term=True, blocked="；".join(why))


def _mended_by(refusals: tuple[Reason, ...]) -> dict[str, list[Reason]]:
    """Act → what it would mend, in the order in which a draft is filled in."""
    found: dict[str, list[Reason]] = {act: [] for act in ORDER}
    for reason in refusals:
        if reason.code in ACTS:
            found[ACTS[reason.code]].append(reason)
    return {act: reasons for act, reasons in found.items() if reasons}


def _title(act: str) -> str:
    return TITLES.get(act, "") or REGISTER[act].title


def _gap(entry: Entry, act: str, reasons: list[Reason], facts: SubmissionFacts, until: date | None) -> Iterator[Todo]:
    """One todo for all that the act would mend; of evidence one a condition."""
    if act == "application.attach":
        for reason, code in zip(reasons, _unevidenced(entry, facts), strict=True):
            what, details = f"{line(entry)}：{reason.text}", {"proves": f"condition:{code}"}
            yield todo(act, entry, entry.cycle, what, title=_title(act), until=until, term=True, details=details)
        return
    texts = [reason.text for reason in reasons if reason.code not in EMPTY]
    texts += [f"尚缺{'、'.join(facts.fields_missing)}"] if act == "application.save" and facts.fields_missing else []
    yield todo(act, entry, entry.cycle, f"{line(entry)}：{'；'.join(texts)}", title=_title(act), until=until, term=True)


def _unevidenced(entry: Entry, facts: SubmissionFacts) -> list[str]:
    """The conditions without evidence, in the order in which the rule names them."""
    conditions = rules_of(entry.cycle).award(entry.award).conditions
    mine = [c for c in conditions if not c.applies_to or entry.category in c.applies_to]
    return [c.code for c in mine if c.evidence and c.code not in facts.evidenced]
