"""Where an expert's fee is paid: kept apart, encrypted, opened in full to the office alone and on record (F1, K7)."""

from __future__ import annotations

import json
import unicodedata

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.sealing import seal, unseal
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import BankAccount, Expert

ARTICLE = "四(四)1"
PURPOSE = "bank"


def _own(acting: Acting, expert: Expert) -> bool:
    return acting.person is not None and acting.person.pk == expert.person_id


@act("panel.set_bank", "登记收款账户", duty="F1", article=ARTICLE, roles=[Role.EXPERT], scope=_own)
def set_bank(acting: Acting, expert: Expert, *, bank: str, holder: str, number: str) -> Outcome:
    """Keep one's account, in place of an earlier one. The journal holds nothing of it but that it was changed."""
    digits = "".join(unicodedata.normalize("NFKC", number).replace("-", "").split())
    if not (digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 30):
        return Outcome(no("账号应为8至30位数字，请核对", article=ARTICLE, duty="F1", code="number"))
    if not bank.strip() or not holder.strip():
        return Outcome(no("请填写开户银行和户名", article=ARTICLE, duty="F1", code="bank"))
    plain = json.dumps({"bank": bank.strip(), "holder": holder.strip(), "number": digits}, ensure_ascii=False)
    fields = {"sealed": seal(PURPOSE, plain), "mask": f"**** {digits[-4:]}", "changed_at": clock.now()}
    BankAccount.objects.update_or_create(expert=expert, defaults=fields)
    return Outcome(yes("收款账户已登记", duty="F1"), {"expert": expert.code})


@act("panel.look_bank", "查阅专家收款账户", duty=["F1", "K7"], article="七(七)", roles=[Role.OFFICE], kind="look")
def look_bank(acting: Acting, expert: Expert) -> Outcome:
    """Open an expert's account in full: {bank, holder, number}. Each look is on record."""
    account = BankAccount.objects.filter(expert=expert).first()
    if account is None:
        return Outcome(no("该专家尚未登记收款账户", article=ARTICLE, duty="F1"))
    return Outcome(yes(duty="K7"), {"expert": expert.code}, value=json.loads(unseal(PURPOSE, account.sealed)))
