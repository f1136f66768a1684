"""What an applicant's drafts wait for (B1–B5, D1–D3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.drafts import COLUMNS, submissions
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import NOTHING, Todo, line, todo
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import Reason
from zhiheng.rules.eligibility import SubmissionFacts, may_submit
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.application.models import Entry

#: Reason of the rule → the act that removes it. What is not named here can only be waited for.
ACTS = {
    "field_missing": "application.save",
    "no_establishment": "application.save",
    "no_work_years": "application.save",
    "no_local_work_years": "application.save",
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
    for entry, facts in submissions(drafts):
        yield from _draft(scope, entry, facts)


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


def _draft(scope: Scope, entry: Entry, facts: SubmissionFacts) -> Iterator[Todo]:
    cycle = entry.cycle
    assert cycle.deadline is not None  # set when the call was issued
    decision = may_submit(facts, rules_of(cycle), scope.days.known, clock.now(), cycle.deadline)
    late = any(reason.code == "late" for reason in decision.refusals)
    until = last_day(cycle)
    if not late:
        yield from _gaps(entry, decision.refusals, facts, until)
    again = "补正后重新提交申报" if entry.submitted_at else ""
    why = "；".join(reason.text for reason in decision.refusals if not late or reason.code == "late")
    yield todo("application.submit", entry, cycle, line(entry), title=again, until=until, term=True, blocked=why)


def _gaps(entry: Entry, refusals: tuple[Reason, ...], facts: SubmissionFacts, until: date | None) -> Iterator[Todo]:
    """One todo an act with all that it would mend; of evidence one a condition."""
    by_act: dict[str, list[Reason]] = defaultdict(list)
    for reason in refusals:
        if reason.code in ACTS:
            by_act[ACTS[reason.code]].append(reason)
    missing = iter(_unevidenced(entry, facts))
    for act in ORDER:
        if act not in by_act:
            continue
        reasons = by_act[act]
        if act != "application.attach":
            what = f"{line(entry)}：{'；'.join(reason.text for reason in reasons)}"
            yield todo(act, entry, entry.cycle, what, title=TITLES.get(act, ""), until=until, term=True)
            continue
        for reason in reasons:
            code = next(missing, "")
            details = {"proves": f"condition:{code}"} if code else NOTHING
            what = f"{line(entry)}：{reason.text}"
            yield todo(act, entry, entry.cycle, what, title=TITLES[act], until=until, term=True, details=details)


def _unevidenced(entry: Entry, facts: SubmissionFacts) -> list[str]:
    """The conditions without evidence, in the order in which the rule names them."""
    conditions = rules_of(entry.cycle).award(entry.award).conditions
    mine = [c for c in conditions if not c.applies_to or entry.category in c.applies_to]
    return [c.code for c in mine if c.evidence and c.code not in facts.evidenced]
