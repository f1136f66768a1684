"""The components: what each says exactly, and that nothing given to one can run (T4)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from types import SimpleNamespace as Made
from typing import Any

import pytest
from django.core.paginator import Paginator

from tests.faces.components import ESCAPED, EVIL, drawn
from zhiheng.faces.shared.house import TONES
from zhiheng.faces.shared.scale import scale_of
from zhiheng.foundation import clock
from zhiheng.foundation.clock import SHANGHAI
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import EntryStatus

CITED = '<a class="cite" href="/rules/#art-4-(2)" data-article="四(二)">《细则》四（二）</a>'
MARKS = [{"value": 550, "label": "候选名单", "article": "四(六)3"}, {"value": 500, "label": "下一环节"}]
REASON = Reason(False, EVIL, "四(二)")
FILE = {"kind": "pdf", "size": 2048, "sha256": "ab" * 32}


class TestAct:
    def test_one_that_may_be_done_is_a_link_with_its_article(self) -> None:
        html = drawn('<c-act url="/desk/do/x/" label="签署推荐意见" article="四(二)" />')
        assert (
            html == f'<div class="act"><a class="btn btn-primary" href="/desk/do/x/">签署推荐意见</a><p class="act-basis">{CITED}</p></div>'
        )

    def test_one_that_may_not_be_done_is_reached_by_keyboard_and_says_why(self) -> None:
        html = drawn('<c-act url="/x/" label="公示" :why="why" />', why=[Reason(False, "还有 2 家单位没有反馈", "四(二)")])
        assert (
            '<span class="btn" role="link" aria-disabled="true" tabindex="0">公示<span class="visually-hidden">（暂不能办理：还有 2 家单位没有反馈）'
            in html
        )
        assert f"<li>还有 2 家单位没有反馈 {CITED}</li>" in html
        assert 'href="/x/"' not in html

    @pytest.mark.parametrize(("kind", "classes"), [("primary", "btn btn-primary"), ("plain", "btn"), ("danger", "btn btn-danger")])
    def test_its_kind_is_its_look(self, kind: str, classes: str) -> None:
        assert f'<a class="{classes}" href="/x/">' in drawn(f'<c-act url="/x/" label="办理" kind="{kind}" />')


class TestDueList:
    def rows(self, *waiting: Any, today: date = date(2026, 5, 15)) -> str:
        with clock.travel(datetime(today.year, today.month, today.day, 9, tzinfo=SHANGHAI)):
            return drawn('<c-due-list :items="items" />', items=waiting)

    def todo(self, **more: Any) -> Any:
        return Made(
            **(
                {
                    "title": "答复异议",
                    "what": "异议 2026-Y-0003",
                    "until": None,
                    "overdue": False,
                    "article": "四(二)",
                    "blocked": "",
                    "url": "/x/",
                }
                | more
            )
        )

    def test_without_a_day_nothing_is_counted_and_nothing_is_asked(self) -> None:
        assert self.rows(self.todo()) == (
            '<ol class="due"><li class="due-item"><div class="due-title"><a href="/x/">答复异议</a></div>'
            f'<p class="due-about"><span>异议 2026-Y-0003</span><span>{CITED}</span></p></li></ol>'
        )

    @pytest.mark.django_db
    def test_a_day_without_calendar_is_named_and_not_guessed(self) -> None:
        html = self.rows(self.todo(until=date(2026, 5, 20)))
        assert '<strong>以截止日期为准</strong><time datetime="2026-05-20">2026年5月20日截止</time>' in html

    @pytest.mark.django_db
    def test_the_last_day_and_the_missed_one_stand_out(self) -> None:
        html = self.rows(
            self.todo(until=date(2026, 5, 15)), self.todo(until=date(2026, 5, 11), overdue=True), self.todo(blocked="等待评分")
        )
        assert html.count('class="due-item due-soon"') == 1
        assert html.count('class="due-item due-over"') == 1
        assert html.count('class="due-item due-blocked"') == 1
        assert "<strong>今日截止</strong>" in html
        assert "<span>等待评分</span>" in html


class TestScore:
    def test_a_score_never_stands_on_a_threshold_that_it_misses(self) -> None:
        drawing = scale_of(Fraction(549_999, 1000), 1000, MARKS)
        assert (drawing.text, drawing.at, drawing.passed) == ("549.99 (<550)", "54.99%", False)
        assert [(mark.text, mark.at, mark.reached) for mark in drawing.marks] == [("500", "50.00%", True), ("550", "55.00%", False)]

    def test_a_threshold_reached_exactly_is_reached(self) -> None:
        assert scale_of(Fraction(550), 1000, MARKS).passed

    @pytest.mark.parametrize(("score", "at"), [(Fraction(-3), "0.00%"), (Fraction(1020), "100.00%"), (Fraction(256, 3), "8.53%")])
    def test_it_stays_on_the_scale(self, score: Fraction, at: str) -> None:
        assert scale_of(score, 1000, ()).at == at

    def test_the_words_carry_it(self) -> None:
        html = drawn(
            '<c-score-strip :score="score" :top="1000" :marks="marks" label="最终得分" />', score=Fraction(549_999, 1000), marks=MARKS
        )
        assert "<strong>549.99 (&lt;550)</strong>" in html
        assert '<svg aria-hidden="true"' in html
        assert '<li class="reached">达到 500 分（下一环节）</li>' in html
        assert '<li class="missed">未达到 550 分（候选名单） <a class="cite"' in html


class TestClock:
    def period(self, **more: Any) -> Any:
        posted = datetime(2026, 5, 13, 9, tzinfo=SHANGHAI)
        return Made(
            **(
                {
                    "title": "公示中",
                    "days": 5,
                    "left": 3,
                    "left_text": "还剩 3 个工作日",
                    "posted_at": posted,
                    "ends_on": date(2026, 5, 20),
                    "closed_at": None,
                }
                | more
            )
        )

    def test_a_cell_for_each_working_day(self) -> None:
        html = drawn('<c-clock :period="period" />', period=self.period())
        cells = '<i class="past"></i><i class="past"></i><i class="now"></i><i class="next"></i><i class="next"></i>'
        assert f'<span class="countdown-days" aria-hidden="true">{cells}</span><p class="countdown-left">还剩 3 个工作日</p>' in html
        assert "公示期 5 个工作日，2026年5月13日至2026年5月20日24时" in html

    @pytest.mark.parametrize("more", [{"left": None}, {"left": 9}, {"days": 60, "left": 12}])
    def test_no_cells_where_they_would_not_be_true_or_not_be_read(self, more: dict[str, Any]) -> None:
        assert "<i" not in drawn('<c-clock :period="period" />', period=self.period(**more))

    def test_an_announcement_has_no_period(self) -> None:
        assert "2026年5月13日发布，不设公示期" in drawn('<c-clock :period="period" />', period=self.period(ends_on=None, days=0))


class TestLists:
    def test_the_current_stage_is_marked_for_everybody(self) -> None:
        steps = [
            Made(number=1, title="申报", state="已完成", progress="done"),
            Made(number=2, title="审核推荐", state="进行中", progress="current", dates="4月29日起"),
        ]
        html = drawn('<c-stages :steps="steps" />', steps=steps)
        assert (
            '<ol class="stages" aria-label="评审阶段"><li class="stage stage-done"><span class="stage-number" aria-hidden="true">1</span>'
            in html
        )
        assert '<li class="stage stage-current" aria-current="step">' in html
        assert '<span class="stage-state">进行中<span class="stage-dates">4月29日起</span></span>' in html

    def test_files_say_what_is_secret_and_are_looked_at_by_name(self) -> None:
        files = [
            Made(name="规程.docx", title="", secret=True, url="/desk/files/1/", **FILE),
            Made(name="执照.pdf", title="营业执照", secret=False, url="", **FILE),
        ]
        html = drawn('<c-files :files="files" />', files=files)
        assert html.count("商业秘密") == 1
        assert '<a class="btn btn-small file-look" href="/desk/files/1/">查阅<span class="visually-hidden">：规程.docx</span></a>' in html
        assert html.count("查阅") == 1
        assert "<code>abababab…abab</code>" in html

    def test_history_gives_days_as_days_and_moments_with_their_minute(self) -> None:
        items = [
            Made(at=date(2026, 4, 15), what="列入受理名单"),
            Made(at=datetime(2026, 5, 15, 9, 5, tzinfo=SHANGHAI), what="评分", now=True),
        ]
        html = drawn('<c-timeline :items="items" />', items=items)
        assert '<time datetime="2026-04-15">2026年4月15日</time>' in html
        assert (
            '<li class="now"><p class="history-what"><strong>评分</strong><time datetime="2026-05-15">2026年5月15日 9时05分</time>' in html
        )

    def test_tabs_and_pager_are_links(self) -> None:
        html = drawn(
            '<c-tabs :items="items" label="奖项" />',
            items=[{"title": "全部", "url": "?", "current": True, "count": 0}, {"title": "组织奖", "url": "?a=o"}],
        )
        assert (
            '<nav aria-label="奖项"><ul class="tabs"><li><a href="?" aria-current="page">全部<span class="count">0</span></a></li><li><a href="?a=o">组织奖</a></li>'
            in html
        )
        page = Paginator(range(120), 50)
        assert drawn('<c-pager :page="page" query="a=1&b=2" />', page=page.page(2)).count('href="?a=1&amp;b=2&amp;page=') == 2
        assert drawn('<c-pager :page="page" query="" />', page=Paginator(range(9), 50).page(1)) == ""

    def test_a_table_that_scrolls_can_be_reached_and_is_named(self) -> None:
        html = drawn('<c-table caption="名单"><tbody><tr><td>1</td></tr></tbody></c-table>')
        assert html.startswith(
            '<div class="tablewrap" role="group" aria-label="名单" tabindex="0"><table class="table"><caption>名单</caption><tbody>'
        )

    def test_every_status_has_a_colour_by_meaning_and_its_words(self) -> None:
        assert set(TONES) == {status.value for status in EntryStatus}
        assert drawn('<c-badge status="awarded" />') == '<span class="badge tone-award">获奖</span>'
        assert drawn('<c-badge status="revoked" />') == '<span class="badge tone-stop">奖励已取消</span>'
        assert [status for status, tone in TONES.items() if tone == "award"] == ["awarded"]


def test_a_confirmation_names_consequences_and_whom_it_tells() -> None:
    html = drawn(
        '<c-confirm label="确认结束申报" cancel="/back/" :consequences="what" :tells="whom"><input type="hidden" name="step" value="confirm"></c-confirm>',
        what=["进入下一阶段", Reason(True, "有 2 项逾期", "四(二)", warning=True)],
        whom=["石家庄市市场监督管理局", "唐山市市场监督管理局"],
    )
    assert (
        f'<li>进入下一阶段</li><li class="warning">有 2 项逾期 {CITED}</li><li>通知：石家庄市市场监督管理局、唐山市市场监督管理局</li>'
        in html
    )
    assert '<input type="hidden" name="step" value="confirm">' in html
    assert '<button class="btn btn-primary">确认结束申报</button><a class="btn" href="/back/">返回</a>' in html


def test_a_component_sees_nothing_of_its_callers_variables() -> None:
    assert drawn('<c-page-header title="名单" />', lead="别处的话", up="上级", slot="x") == (
        '<header class="pagehead pagehead-row"><div class="pagehead-text"><h1>名单</h1></div></header>'
    )


#: Every component with something hostile in each place that takes text.
HOSTILE = [
    '<c-page-header title="{{ evil }}" lead="{{ evil }}" up="{{ evil }}" up-url="{{ evil }}" />',
    '<c-page-header :title="evil" :lead="evil" />',
    '<c-card :title="evil" id="a">{{ evil }}</c-card>',
    '<c-act :url="evil" :label="evil" :article="evil" />',
    '<c-act url="/" :label="evil" :why="reasons" />',
    '<c-article :code="evil" />',
    '<c-badge :text="evil" /><c-badge :status="evil" /><c-badge>{{ evil }}</c-badge>',
    '<c-empty :title="evil" :text="evil" :hint="evil" />',
    '<c-table :caption="evil"><tbody><tr><td>{{ evil }}</td></tr></tbody></c-table>',
    '<c-tabs :items="items" :label="evil" />',
    '<c-stages :steps="items" :label="evil" />',
    '<c-files :files="items" />',
    '<c-timeline :items="items" />',
    '<c-due-list :items="items" />',
    '<c-confirm :title="evil" :consequences="reasons" :tells="evils" :label="evil" :cancel="evil" />',
    '<c-stat :label="evil" :value="evil" :unit="evil" :note="evil" :href="evil" />',
    '<c-score-strip :score="1" :top="10" :marks="marks" :label="evil" />',
    '<c-filters :label="evil" :clear="evil" :submit="evil">{{ evil }}</c-filters>',
    '<c-errors :reasons="reasons" :title="evil" />',
    '<c-pager :page="page" :query="evil" />',
]


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_given_to_a_component_can_run(source: str) -> None:
    words = (
        "title",
        "url",
        "what",
        "article",
        "blocked",
        "number",
        "state",
        "progress",
        "dates",
        "name",
        "kind",
        "sha256",
        "note",
        "removed",
        "who",
    )
    item = dict.fromkeys(words, EVIL)
    thing = Made(**item, size=1, secret=False, until=None, overdue=False, at=date(2026, 1, 1))
    context = {
        "evil": EVIL,
        "evils": [EVIL],
        "reasons": [REASON],
        "items": [thing],
        "marks": [{"value": 5, "label": EVIL, "article": EVIL}],
    }
    html = drawn(source, page=Paginator(range(120), 50).page(2), **context)
    assert "<script" not in html
    assert "alert('x')" not in html
    assert ESCAPED in html or "%3Cscript" in html
