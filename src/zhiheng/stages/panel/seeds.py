"""The numbers that draw the ticket: committed to, revealed, or read off balls; and what happens when one is withheld (F1, G1)."""

from __future__ import annotations

import re

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.rfc3797 import key_of
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.composing import STAGES
from zhiheng.stages.panel.models import Draw
from zhiheng.stages.qualification.selectors import commissioned

WITNESSES = [Role.OFFICE, Role.AGENCY, Role.INSPECTOR, Role.APPLICANT]
#: Digits of a number that nobody finds out from its digest by trying.
LEAST_DIGITS = 20
MOST_DIGITS = 60
#: Parties who must take part, at least.
PARTIES = 2

_DIGITS = re.compile(rf"[1-9][0-9]{{{LEAST_DIGITS - 1},{MOST_DIGITS - 1}}}")


def plain_number(typed: str) -> str:
    """A number as it is hashed: digits without the spaces that make it readable."""
    return re.sub(r"[\s,，-]", "", typed)


def by_fours(number: str) -> str:
    """A number as it is read out and copied."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def is_number(number: str) -> bool:
    """Whether it is a number of enough digits that does not begin with 0."""
    return _DIGITS.fullmatch(number) is not None


def _taking_part(acting: Acting, cycle: Cycle) -> bool:
    """The agency that is commissioned; of the applicants the one who was named."""
    if acting.role == Role.APPLICANT:
        draft = selectors.last_draw(cycle, selectors.round_of(cycle)[0])
        return bool(draft and acting.person and draft.representative_id == acting.person.pk)
    return commissioned(acting, cycle)


def _open(cycle: Cycle) -> tuple[Draw | None, str, str]:
    """The draw that numbers are brought to, with its article and duty; None where there is none."""
    name, article, duty = selectors.round_of(cycle)
    draft = selectors.last_draw(cycle, name)
    return (draft if draft and not draft.drawn_at else None), article, duty


@act("panel.commit_seed", "提交种子承诺", duty=["F1", "G1"], article="四(四)1", roles=WITNESSES, stages=STAGES, scope=_taking_part)
def commit_seed(acting: Acting, cycle: Cycle, *, commitment: str) -> Outcome:
    """Commit to a number by its SHA-256 once the lottery is published and before any is revealed: nobody can choose it to please."""
    draft, article, duty = _open(cycle)
    if draft is None or not selectors.published(draft):
        return Outcome(no("抽签方案尚未公布，请待公布后再提交承诺", article=article, duty=duty))
    if draft.method == "balls":
        return Outcome(no("本次以号码球抽取，无须提交承诺", article=article, duty=duty))
    if draft.seeds:
        return Outcome(no("已有一方揭示种子，不能再提交承诺", article=article, duty=duty))
    if len(commitment) != 64 or set(commitment) - set("0123456789abcdef"):
        return Outcome(no("承诺值应为 64 位十六进制摘要", article=article, duty=duty))
    role = acting.role.value
    if role in draft.seed_commitments:
        return Outcome(no("已经提交承诺，不得更改", article=article, duty=duty))
    if any(role in one["withheld"] for one in draft.discarded):
        return Outcome(no("曾承诺而未揭示的一方，不得再为本次抽取提交承诺", article=article, duty=duty))
    if acting.code in draft.witnesses.values():
        return Outcome(no("各方承诺须由不同人员各自独立提交", article=article, duty=duty))
    # A number that another has, or that an earlier draw revealed, hides nothing.
    if any(commitment in known for d in cycle.draws.all() for known in selectors.commitments_of(d)):
        return Outcome(no("该承诺值已被使用，请另选一个数", article=article, duty=duty))
    draft.seed_commitments = {**draft.seed_commitments, role: commitment}
    draft.witnesses = {**draft.witnesses, role: acting.code}
    draft.save(update_fields=["seed_commitments", "witnesses"])
    payload = {"round": draft.round, "version": draft.version, "commitment": commitment}
    return Outcome(yes("种子承诺已登记", duty=duty), payload)


@act(
    "panel.reveal_seed",
    "揭示种子",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=WITNESSES,
    stages=STAGES,
    scope=_taking_part,
)
def reveal_seed(acting: Acting, cycle: Cycle, *, number: str) -> Outcome:
    """Reveal the number committed to; or, where balls are drawn, enter what they show, each party for itself."""
    draft, article, duty = _open(cycle)
    if draft is None or not selectors.published(draft):
        return Outcome(no("没有待抽取的抽签方案", article=article, duty=duty))
    role, plain = acting.role.value, plain_number(number)
    if draft.method == "balls":
        return _balls(acting, draft, plain, article, duty)
    if role in draft.seeds:
        return Outcome(no("已经揭示，不得更改", article=article, duty=duty))
    if len(draft.seed_commitments) < PARTIES:
        return Outcome(no("须有两方以上提交种子承诺后方可揭示", article=article, duty=duty))
    if draft.seed_commitments.get(role) != digest(plain.encode()):
        return Outcome(no("揭示的种子与承诺不符，请核对抄存的数字", article=article, duty=duty, code="number"))
    if not is_number(plain):
        text = f"种子须为{LEAST_DIGITS}至{MOST_DIGITS}位数字，首位不为0；所承诺的不符合，请按规定作废承诺后重新提交"
        return Outcome(no(text, article=article, duty=duty, code="number"))
    draft.seeds = {**draft.seeds, role: plain}
    draft.save(update_fields=["seeds"])
    left = len(draft.seed_commitments) - len(draft.seeds)
    payload = {"round": draft.round, "version": draft.version, "number": plain}
    return Outcome(yes(f"种子已揭示，尚有 {left} 方未揭示" if left else "种子已揭示，各方均已揭示", duty=duty), payload)


def _balls(acting: Acting, draft: Draw, digits: str, article: str, duty: str) -> Outcome:
    """What a party read off the balls. As long as no other has, it may correct what it typed; each time is on record."""
    role = acting.role.value
    others = {one: number for one, number in draft.seeds.items() if one != role}
    if role in draft.seeds and others:
        return Outcome(no("各方录入的号码已一致，不得更改", article=article, duty=duty))
    length = len(str(selectors.tickets(draft.cycle))) - 1
    if not re.fullmatch(rf"[0-9]{{{length}}}", digits):
        return Outcome(no(f"请按摇出次序填写{length}位号码", article=article, duty=duty, code="number"))
    if any(acting.code == code for one, code in draft.witnesses.items() if one != role):
        return Outcome(no("各方号码须由不同人员各自独立录入", article=article, duty=duty))
    if any(digits != other for other in others.values()):
        return Outcome(no("与另一方录入的号码不一致，请当场核对号码球后重新录入", article=article, duty=duty, code="number"))
    draft.seeds = {**draft.seeds, role: digits}
    draft.witnesses = {**draft.witnesses, role: acting.code}
    draft.save(update_fields=["seeds", "witnesses"])
    return Outcome(yes("号码已录入", duty=duty), {"round": draft.round, "version": draft.version, "number": digits})


@act(
    "panel.record_public_number",
    "登记公开数",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
    foretold=False,
)
def record_public_number(acting: Acting, cycle: Cycle, *, number: str, where: str) -> Outcome:
    """Record the public number that was announced with the freeze, once all have revealed: none of them could know the result before.

    where: where anybody can read it again.
    """
    draft, article, duty = _open(cycle)
    if draft is None or not draft.public_source:
        return Outcome(no("本次抽取未预告公开数", article=article, duty=duty))
    if draft.public_number:
        return Outcome(no("公开数已经登记，不得更改", article=article, duty=duty))
    if not draft.seeds or set(draft.seeds) != set(draft.seed_commitments):
        return Outcome(no("须各方均揭示种子后再登记公开数", article=article, duty=duty))
    if key_of([number]).value is None:
        return Outcome(no("公开数须为若干整数（以空格隔开）、一个小数或一串字母和数字", article=article, duty=duty, code="number"))
    if not where.strip():
        return Outcome(no("请填写公开数的出处，供查验", article=article, duty=duty, code="where"))
    draft.public_number = number.strip()
    draft.save(update_fields=["public_number"])
    payload = {"round": draft.round, "version": draft.version, "source": draft.public_source, "number": draft.public_number, "where": where}
    return Outcome(yes("公开数已登记", duty=duty), payload)


@act("panel.consent_again", "同意再次抽取", duty=["F1", "G1", "K7"], article="四(四)1", roles=[Role.INSPECTOR], stages=STAGES)
def consent_again(acting: Acting, cycle: Cycle, *, reason: str) -> Outcome:
    """The inspector's consent to draw again, or to take commitments anew, where something of a result may be known. It holds once."""
    name, article, duty = selectors.round_of(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or not draft.begun:
        return Outcome(no("种子尚未揭示，无须同意即可重新冻结", article=article, duty=duty))
    if draft.consent:
        return Outcome(no("已经同意，尚未重新抽取", article=article, duty=duty))
    if not reason.strip():
        return Outcome(no("请写明同意再次抽取的理由", article=article, duty=duty, code="reason"))
    draft.consent = {"by": acting.code, "reason": reason.strip(), "at": clock.now().isoformat()}
    draft.save(update_fields=["consent"])
    return Outcome(yes("已同意再次抽取", duty=duty), {"round": name, "version": draft.version, "reason": reason})


@act(
    "panel.discard_seeds",
    "作废承诺",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
)
def discard_seeds(acting: Acting, cycle: Cycle, *, cause: str) -> Outcome:
    """Give up the commitments because a party withholds its number: the tickets stay, the other parties commit anew, that one no more.

    Everything stays on record. Where any number was revealed the inspector must have consented.
    """
    draft, article, duty = _open(cycle)
    if draft is None or not draft.seed_commitments:
        return Outcome(no("没有可以作废的承诺", article=article, duty=duty))
    withheld = sorted(set(draft.seed_commitments) - set(draft.seeds))
    if not withheld:
        return Outcome(no("各方均已揭示，不能作废承诺", article=article, duty=duty))
    if not cause.strip():
        return Outcome(no("请写明作废承诺的事由", article=article, duty=duty, code="cause"))
    if draft.begun and not draft.consent:
        return Outcome(no("已有一方揭示种子，作废承诺须先由监督人员同意", article=article, duty=duty, code="consent"))
    record = {
        "commitments": draft.seed_commitments,
        "witnesses": draft.witnesses,
        "seeds": draft.seeds,
        # Before anybody revealed, nobody withheld: all may come again.
        "withheld": withheld if draft.seeds else [],
        "cause": cause.strip(),
        "consent": draft.consent,
        "at": clock.now().isoformat(),
    }
    draft.discarded = [*draft.discarded, record]
    draft.seed_commitments, draft.witnesses, draft.seeds, draft.consent = {}, {}, {}, {}
    draft.save(update_fields=["discarded", "seed_commitments", "witnesses", "seeds", "consent"])
    payload = {"round": draft.round, "version": draft.version, **record}
    return Outcome(yes("承诺已作废，请各方重新提交", duty=duty), payload)
