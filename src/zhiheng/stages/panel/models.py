"""The expert library, conflicts of interest, panels and their draws (F1, G1, K7, Q16–Q18)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from zhiheng.foundation import entropy
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.people.models import Person
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.roster import RATINGS, Absence, Appraisal, BankAccount, Revision

__all__ = [
    "RATINGS", "ROUNDS", "Absence", "Appraisal", "BankAccount", "Conflict", "Draw", "Expert", "Panel", "Revision", "Seat",
]  # fmt: skip

ROUNDS = [("material", "材料评审"), ("site", "现场评审")]
METHODS = [("numbers", "各方承诺并揭示随机数"), ("balls", "当场摇取号码球")]
ANSWERS = [("accepted", "接受"), ("declined", "谢绝"), ("recused", "回避")]


class Expert(models.Model):
    """An expert of the library.

    employers: [{employer, until, code?}], consulted: [{employer, until}]; until null: still. industries: GB/T 4754 divisions, of which
    main_industries are those of their own work. categories: of awards; criteria: codes of sections of the criteria.
    qualifications: [{kind, number, issued, until}], training: [{course, on}]; dates ISO or null.
    """

    code = models.CharField("编号", max_length=20, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="expert")
    kind = models.CharField("专家类型", max_length=12, default="assessor", choices=[("assessor", "评审员"), ("industry", "行业专家")])
    title = models.CharField("职称", max_length=60, blank=True)
    employer = models.CharField("现工作单位", max_length=120)
    credit_code = models.CharField("工作单位信用代码", max_length=18, blank=True)
    group_code = models.CharField("所属集团信用代码", max_length=18, blank=True)
    employers = models.JSONField("近年工作单位", default=list)
    consulted = models.JSONField("有偿咨询服务单位", default=list)
    industries = models.JSONField("熟悉行业", default=list)
    main_industries = models.JSONField("主攻行业", default=list)
    categories = models.JSONField("可评类别", default=list)
    criteria = models.JSONField("擅长评审章节", default=list)
    qualifications = models.JSONField("评审资格", default=list)
    training = models.JSONField("培训经历", default=list)
    languages = models.JSONField("语种", default=list)
    city = models.CharField("所在市", max_length=40, blank=True)
    leader = models.BooleanField("可任组长", default=False)
    max_load = models.PositiveSmallIntegerField("工作量上限（组）", default=3)
    term_from = models.DateField("聘期起", null=True, blank=True)
    term_until = models.DateField("聘期止", null=True, blank=True)
    approved_on = models.DateField("入库日期", null=True, blank=True)
    confirmed_on = models.DateField("信息确认日期", null=True, blank=True)
    status = models.CharField(
        "状态",
        max_length=20,
        default="proposed",
        choices=[("proposed", "待审核"), ("active", "在库"), ("suspended", "暂停"), ("removed", "出库")],
    )
    reason = models.TextField("暂停或出库理由", blank=True)

    def __str__(self) -> str:
        return self.code


class Conflict(models.Model):
    """A conflict between an expert (or a member of staff or the committee) and an entry; `standing` once it counts.

    named: whom an applicant means, in its own words; it is not told whether there is such a person, and the office says who it is.
    proof, unproved: what an applicant's request rests on, or why it has no paper for it.
    """

    READ_WITH = ("entry__cycle", "person")  # what an act on it reads besides

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="conflicts")
    named = models.CharField("所指人员", max_length=200, blank=True)
    kind = models.CharField(
        "类别",
        max_length=20,
        choices=[("declared", "主动申请回避"), ("requested", "申报方请求回避"), ("kin", "亲属关系"), ("found", "查实")],
    )
    grounds = models.TextField("事由")
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    unproved = models.TextField("未附证明的说明", blank=True)
    status = models.CharField("状态", max_length=12, choices=[("pending", "待审定"), ("standing", "成立"), ("rejected", "不成立")])
    found_at = models.DateTimeField("提出时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "person"], condition=Q(status="standing"), name="one_standing_conflict"),
            models.CheckConstraint(condition=Q(person__isnull=False) | ~Q(status="standing"), name="standing_conflict_names_somebody"),
        ]

    @property
    def cycle(self) -> Cycle:
        """The cycle of the entry."""
        return self.entry.cycle

    @property
    def who(self) -> str:
        """Whom it is about: the person, or whom the applicant named."""
        return self.person.name if self.person else self.named


class Draw(models.Model):
    """One draw of a round: what is frozen, the parties' numbers, the ticket. A draw made again is a new version beside it.

    frozen: as `rules.draw_record.frozen_to_json` writes it. Of each role: commitments, witnesses (the person's code) and seeds (the number,
    once revealed). sources: what the key is made of, in order. discarded: commitments that were given up, each with cause and consent.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="draws")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    version = models.PositiveSmallIntegerField("版本", default=1)
    frozen = models.JSONField("冻结的专家池与分组")
    pool_digest = models.CharField("冻结摘要", max_length=64)
    frozen_at = models.DateTimeField("冻结时间")
    cause = models.TextField("重新冻结的事由", blank=True)
    method = models.CharField("抽取方式", max_length=10, choices=METHODS, default="numbers")
    public_source = models.CharField("公开数来源", max_length=200, blank=True)
    public_number = models.CharField("公开数", max_length=200, blank=True)
    representative = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    chain_end = models.CharField("递补种子链末端", max_length=64, blank=True, default="")
    chain_root = models.CharField("递补种子链起点", max_length=64, blank=True, default="")  # secret until it has been used up
    links_used = models.PositiveIntegerField("已用递补种子", default=0)
    seed_commitments = models.JSONField("种子承诺", default=dict)
    witnesses = models.JSONField("承诺人", default=dict)
    seeds = models.JSONField("种子", default=dict)
    discarded = models.JSONField("作废的承诺", default=list)
    consent = models.JSONField("监督人员同意", default=dict)  # {by, reason, at} until it is made use of
    allowed = models.JSONField("据以重新冻结的同意", default=dict)  # the consent that this version made use of
    sources = models.JSONField("随机数来源", default=list)
    ticket = models.PositiveIntegerField("抽中的签", null=True, blank=True)
    present = models.JSONField("在场人员", default=list)  # [text]
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "round", "version"], name="one_draw_a_version")]

    @property
    def begun(self) -> bool:
        """Whether somebody may know something of the result: a number was revealed, or the draw was made."""
        return bool(self.drawn_at or self.seeds or any(one["seeds"] for one in self.discarded))


class Lottery(models.Model):
    """The tickets of a draw: made from what is frozen, and binding once published. It has a table of its own because it is long."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="lottery")
    ready = models.PositiveIntegerField("已备好的签", default=0)
    content = models.JSONField("签", null=True, blank=True)
    refusals = models.JSONField("不能抽取的原因", default=list)  # [text]
    digest = models.CharField("摘要", max_length=64, blank=True, default="")
    published_at = models.DateTimeField("公布时间", null=True, blank=True)

    @property
    def made(self) -> dict[str, Any]:
        """The content. Raises ValueError where it was not made yet."""
        if self.content is None:
            raise ValueError("抽签方案尚未形成")
        return self.content


class Grouping(models.Model):
    """How the office regrouped a round by hand. plan: [{code, award, category, entries, size}]; changes: [{text, reason, by, at}]."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="groupings")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    plan = models.JSONField("分组")
    changes = models.JSONField("调整记录", default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "round"], name="one_grouping_a_round")]


class Panel(models.Model):
    """A panel of experts for a group of entries in one round."""

    READ_WITH = ("cycle",)  # what an act on it reads besides; not the draw, whose transcript is long

    code = models.CharField("编号", max_length=40)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="panels")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    award = models.CharField("奖项", max_length=40)
    category = models.CharField("类别", max_length=40)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="panels")
    entries = models.ManyToManyField(Entry, related_name="panels")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "round", "code"], name="one_panel_a_code")]

    def __str__(self) -> str:
        return self.code


class Seat(models.Model):
    """An expert's place on a panel; a vacated one stays on record with its reason. nonce: what the link of the invitation is made from."""

    READ_WITH = ("panel__cycle", "expert")

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats")
    leader = models.BooleanField("组长", default=False)
    succeeds = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")
    vacated_at = models.DateTimeField("退出时间", null=True, blank=True)
    reason = models.TextField("退出理由", blank=True)
    seated_at = models.DateTimeField("就任时间", null=True, blank=True)
    seated_by = models.CharField("产生方式", max_length=40, default="panel.draw")  # the act
    nonce = models.CharField("邀请链接", max_length=32, default=entropy.token)
    due = models.DateField("答复期限", null=True, blank=True)
    answer = models.CharField("答复", max_length=10, blank=True, choices=ANSWERS)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "expert"], name="one_seat_an_expert")]

    @property
    def cycle(self) -> Cycle:
        """The cycle of the panel."""
        return self.panel.cycle
