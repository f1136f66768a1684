"""What runs after the award: the window of K3, bans, and what is open without a date."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from zhiheng.foundation.parties.models import Ban
from zhiheng.process.deadlines.model import Deadline, Kind, State, Undated
from zhiheng.process.deadlines.view import View
from zhiheng.rules.clocks import add_years
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine, UseReport

_WON = (EntryStatus.AWARDED.value, EntryStatus.REVOKED.value)


def window(view: View) -> Iterator[Deadline]:
    """Until when a major problem after winning may cost the award (K3)."""
    approval = Approval.objects.filter(cycle=view.cycle).only("approved_on").first()
    if approval is None or not view.entries.filter(status=EntryStatus.AWARDED.value).exists():
        return
    years = view.pack.parameters.revocation_window_years.value
    last = add_years(approval.approved_on, years)
    state = State.RUNNING if view.today <= last else State.DONE
    article = view.article("K3", "七(三)")
    yield Deadline(
        f"window:{view.cycle.code}", Kind.WINDOW, f"获奖之日起{years}年监督期", approval.approved_on, last, article, "K3", state
    )  # fmt: skip


def bans(view: View) -> Iterator[Deadline]:
    """Bans of applicants of this cycle that run or have run out (K1, K2); by the entry's code, never by name."""
    codes = dict(view.entries.order_by("-code").values_list("party_id", "code"))
    rows = Ban.objects.filter(party__entries__in=view.entries).distinct().order_by("until", "pk")
    for pk, party, first, last, duty, article in rows.values_list("pk", "party_id", "from_on", "until", "duty", "article"):
        state = State.AHEAD if view.today < first else State.RUNNING if view.today <= last else State.DONE
        code = codes[party]
        yield Deadline(f"ban:{pk}", Kind.BAN, f"不予受理期届满 {code}", first, last, article, duty, state)


def open_matters(view: View) -> Iterator[Undated]:
    """Prizes to pay, prizes and certificates to take back, use of the prize to report (J3, J4, K2, Q35)."""
    won = {pk: (code, award, status) for pk, code, award, status in _winners(view)}
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, kind, amount in LedgerLine.objects.filter(entry__in=won).values_list("entry_id", "kind", "amount"):
        sums[pk][kind] += amount
    used: Counter[int] = Counter()
    for pk, amount in UseReport.objects.filter(entry__in=won).values_list("entry_id", "amount"):
        used[pk] += amount
    kept = set(Certificate.objects.filter(entry__in=won, revoked_on__isnull=False, recovered_on=None).values_list("entry_id", flat=True))
    organizations = {award.code for award in view.pack.awards if award.applicant == "organization"}
    standing = {pk for pk, (_, _, status) in won.items() if status == EntryStatus.AWARDED.value}
    matters = {
        ("奖金待发放", "J3", "五(一)"): [pk for pk in standing if sums[pk]["awarded"] > sums[pk]["paid"]],
        ("奖励经费使用情况待报告", "J4", "五(二)"): [pk for pk in standing if won[pk][1] in organizations and sums[pk]["paid"] > used[pk]],
        ("奖金待追缴", "K2", "七(二)"): [pk for pk in won if sums[pk]["recall"] > sums[pk]["recovered"]],
        ("证书、奖牌或者奖杯待收回", "K2", "七(二)"): [pk for pk in won if pk in kept],
    }
    for (title, duty, article), found in matters.items():
        if found:
            yield Undated(title, view.article(duty, article), duty, tuple(sorted(won[pk][0] for pk in found)))


def _winners(view: View) -> list[tuple[int, str, str, str]]:
    return list(view.entries.filter(status__in=_WON).order_by("code").values_list("pk", "code", "award", "status"))
