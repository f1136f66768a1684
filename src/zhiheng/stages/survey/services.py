"""The satisfaction survey: opened with the shortlist's publication, answered on its own append-only path, closed with it (F5, Q24, Q25)."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from fractions import Fraction

from django.conf import settings
from django.db import IntegrityError, transaction

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.rules.clocks import chinese_date, period_end
from zhiheng.rules.decision import Decision, Reason, decide, no, yes
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.survey import satisfaction
from zhiheng.stages.application.models import Entry
from zhiheng.stages.shortlist import selectors as shortlists
from zhiheng.stages.survey import selectors
from zhiheng.stages.survey.models import CHOICES, Answer, Poll

ARTICLE = "四(四)5"
STAGE = [Stage.SHORTLIST]
POINTS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")


@act("survey.open", "启动公众满意度测评", duty="F5", article=ARTICLE, roles=[Role.OFFICE], stages=STAGE)
def open_polls(acting: Acting, cycle: Cycle) -> Outcome:
    """Open a poll on each published individual until the end of the publicity (Q25).

    One that was forgotten meanwhile runs for a period of its own, as long as a publicity, and its lateness stands in the receipt.
    """
    record = shortlists.of(cycle)
    if record is None or record.notice is None or record.notice.ends_on is None:
        return Outcome(no("公众满意度测评与入围公示同时进行，请先发布公示", article=ARTICLE, duty="F5"))
    if Poll.objects.filter(cycle=cycle).exists():
        return Outcome(no("测评已经启动", article=ARTICLE, duty="F5"))
    pack = rules_of(cycle)
    surveyed = [a.code for a in pack.awards if a.survey_full.value > 0]
    entries = Entry.objects.filter(code__in=[i["code"] for i in record.notice.items], award__in=surveyed).order_by("code")
    if not entries:
        return Outcome(no("公示的入围名单中没有须测评的申报个人，无须启动测评", article=ARTICLE, duty="F5"))
    last = decide([], record.notice.ends_on)
    if late := clock.today() > record.notice.ends_on:
        parameters = pack.parameters
        last = period_end(clock.today(), parameters.publicity_days.value, calendar(), parameters.posting_day_counts.value)
    if last.value is None:
        return Outcome(Decision(last.reasons))
    closes = datetime.combine(last.value + timedelta(days=1), time(), clock.SHANGHAI)
    polls = [Poll(entry=e, cycle=cycle, opened_at=clock.now(), closes_at=closes) for e in entries]
    Poll.objects.bulk_create(polls)
    payload = {"entries": [p.entry.code for p in polls], "closes_at": closes}
    told = [Reason(True, f"已对 {len(polls)} 名申报个人启动测评", ARTICLE, "F5")]
    if late:
        text = f"测评未与入围公示同时启动，自即日起单独进行，至{chinese_date(last.value)}24时截止"
        told.append(Reason(False, text, ARTICLE, "F5", "late", warning=True))
    return Outcome(decide(told), payload, value=polls)


def voter_key(poll: Poll, identity: str) -> str:
    """The digest that stands for a verified identity in one poll; it leads back to nobody and differs from poll to poll."""
    return _key(poll.pk, identity)


def _key(poll: int, identity: str) -> str:
    one = "".join(unicodedata.normalize("NFKC", identity).split()).upper()  # however it is written, it is one identity
    return hmac.new(f"survey|{settings.SECRET_KEY}|{poll}".encode(), one.encode(), hashlib.sha256).hexdigest()


def answer(poll: Poll, identity: str, choice: str) -> Decision[None]:
    """Give one answer. Outside the journal by design: a province may answer at once. A second one is refused by the database (T12)."""
    if not identity.strip():
        return no("请先完成身份核验", article=ARTICLE, duty="F5")
    if choice not in {code for code, _ in CHOICES}:
        return no("请选择满意、基本满意、不满意或不了解", article=ARTICLE, duty="F5")
    if poll.closed_at or not poll.opened_at <= clock.now() < poll.closes_at:
        return no("测评已经截止，感谢您的关注", article=ARTICLE, duty="F5")
    try:
        with transaction.atomic():
            Answer.objects.create(poll=poll, voter=voter_key(poll, identity), choice=choice)
    except IntegrityError:
        return no("您已参加对该申报人的测评，每人限评一次", article=ARTICLE, duty="F5")
    return yes("感谢您参与公众满意度测评", duty="F5")


def answer_all(cycle: Cycle, identity: str, choices: Mapping[str, str]) -> Decision[None]:
    """Give one identity's answers to several individuals (entry code → choice) in one write, outside the journal by design.

    What this identity has already answered stays as it was first said, and the decision does not tell: whoever knows somebody's number
    could otherwise ask whether that person took part. Two queries, however many individuals there are (T12).
    """
    if not identity.strip():
        return no("请先完成身份核验", article=ARTICLE, duty="F5")
    if not choices or not set(choices.values()) <= {code for code, _ in CHOICES}:
        return no("请至少对一名申报人作出评价，选择满意、基本满意、不满意或不了解", article=ARTICLE, duty="F5")
    found = selectors.window(cycle)
    if found is None or not found.open(clock.now()):
        return no("测评已经截止，感谢您的关注", article=ARTICLE, duty="F5")
    if not set(choices) <= set(found.polls):
        return no("所评申报人不在本次测评名单中，请重新选择", article=ARTICLE, duty="F5")
    polls = {found.polls[code]: choice for code, choice in choices.items()}
    rows = [Answer(poll_id=pk, voter=_key(pk, identity), choice=choice) for pk, choice in polls.items()]
    Answer.objects.bulk_create(rows, ignore_conflicts=True)
    return yes("感谢您参与公众满意度测评", duty="F5")


@act("survey.close", "结束公众满意度测评", duty=["F5", "H2"], article=ARTICLE, roles=[Role.OFFICE], stages=STAGE)
def close(acting: Acting, cycle: Cycle) -> Outcome:
    """Count all polls after their end and score them; too few answers leave the score open for the office's decision (Q24)."""
    polls = list(Poll.objects.filter(cycle=cycle).select_related("entry").order_by("entry__code"))
    if not polls:
        return Outcome(no("测评尚未启动", article=ARTICLE, duty="F5"))
    if any(p.closed_at for p in polls):
        return Outcome(no("测评已经结束", article=ARTICLE, duty="F5"))
    if early := [p for p in polls if clock.now() < p.closes_at]:
        last = chinese_date(selectors.last_day(early[0].closes_at))
        return Outcome(no(f"测评至{last}24时截止，不得提前结束", article=ARTICLE, duty="F5"))
    pack = rules_of(cycle)
    warnings = []
    for poll in polls:
        counted = Counter(poll.answers.values_list("choice", flat=True))
        poll.counts = {code: counted.get(code, 0) for code, _ in CHOICES}
        scored = satisfaction(poll.counts, pack.award(poll.entry.award).survey_full.value, pack.parameters)
        poll.score, poll.closed_at = scored.value if scored.ok else None, clock.now()
        warnings += [Reason(False, f"{poll.entry.code} {r.text}", r.article, r.duty, r.code, warning=True) for r in scored.refusals]
    Poll.objects.bulk_update(polls, ["counts", "score", "closed_at"])
    payload = {"polls": [{"entry": p.entry.code, "counts": p.counts, "score": p.score} for p in polls]}
    return Outcome(decide([Reason(True, "测评结果已统计", ARTICLE, "F5"), *warnings]), payload, value=polls)


@act(
    "survey.decide_few",
    "样本不足的处理",
    duty=["F5", "H2"],
    article=ARTICLE,
    roles=[Role.OFFICE],
    stages=[Stage.SHORTLIST, Stage.SITE_VISIT, Stage.NOMINATION],
)
def decide_few(acting: Acting, poll: Poll, *, points: str, reason: str) -> Outcome:
    """Where there were too few valid answers, the office records how it decides, with its reason (Q24)."""
    if poll.closed_at is None or poll.score is not None:
        return Outcome(no("该测评不属于样本不足的情形", article=ARTICLE, duty="F5"))
    pack = rules_of(poll.cycle)
    full = pack.award(poll.entry.award).survey_full.value
    if not POINTS.fullmatch(points.strip()):
        return Outcome(no("请填写有效分数", article=ARTICLE, duty="F5"))
    value = Fraction(points.strip())
    if not 0 <= value <= full or not reason.strip():
        return Outcome(no(f"请填写 0 至 {full} 分之间的得分和处理理由", article=ARTICLE, duty="F5"))
    poll.score, poll.decided_by_office = value, reason
    poll.save(update_fields=["score", "decided_by_office"])
    payload = {"entry": poll.entry.code, "score": value, "reason": reason}
    return Outcome(yes("处理决定已记录", duty="F5"), payload, subject=f"entry:{poll.entry.code}")
