"""Every article that the engine or the pack cites opens its official text (A1)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client

from tests.faces.public.data import RULES, World, cycle, rules
from zhiheng.faces.public.regulation import regulation_of
from zhiheng.faces.shared.articles import anchor_of, article_url, located
from zhiheng.faces.shared.markdown import blocks
from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.process.duties import DUTIES
from zhiheng.rules.lifecycle import Stage

SOURCE = Path(__file__).resolve().parents[3] / "src/zhiheng"


@pytest.mark.parametrize(
    ("article", "anchor"),
    [
        ("四", "art-4"),
        ("四(四)2", "art-4-(4)-2"),
        ("四（四）2", "art-4-(4)-2"),
        ("五(一)", "art-5-(1)"),
        ("附1", "att1"),
        ("附1二4.6", "att1-2-4.6"),
        ("附1三2(1)", "att1-3-2-(1)"),
        ("附2六6.1", "att2-6-6.1"),
        ("第七条", "art-7"),
        ("第二十三条", "art-23"),
        ("第一百零五条", "art-105"),
        ("", ""),
        ("另行规定", ""),
    ],
)
def test_anchor_of_an_article(article: str, anchor: str) -> None:
    assert anchor_of(article) == anchor


def cited(pack: PackVersion) -> set[str]:
    """Every article code that the pack's parts name."""

    def within(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, one in value.items():
                if key == "article":
                    yield one
                else:
                    yield from within(one)
        elif isinstance(value, list):
            for one in value:
                yield from within(one)

    return set(within(json.loads(pack.content)))


def anchors(pack: PackVersion) -> list[str]:
    return [block.anchor for block in regulation_of(pack_of(pack.digest).text).blocks if block.anchor]


@pytest.mark.duty("A1")
@pytest.mark.parametrize("directory", ["rulepacks/hebei-2022", "tests/packs/made-up"])
def test_every_article_that_a_pack_cites_has_its_place_in_the_text(db: None, directory: str) -> None:
    pack = rules(directory)
    found = anchors(pack)
    assert len(found) == len(set(found))
    assert len(cited(pack)) > 10
    assert {article for article in cited(pack) if anchor_of(article) not in found} == set()


def test_every_article_that_the_engine_cites_has_its_place_in_the_text(db: None) -> None:
    found = anchors(rules())
    written = re.compile(r'"((?:附[12])?[一二三四五六七八](?:\([一二三四五六七八]\))?[0-9.]*(?:\([0-9]\))?)"')
    articles = {spec.article for spec in REGISTER.values()} | {duty.article for duty in DUTIES if duty.article}
    articles |= {one for file in (SOURCE / "rules").glob("*.py") for one in written.findall(file.read_text(encoding="utf-8"))}
    assert len(articles) > 40
    assert {article for article in articles if anchor_of(article) not in found} == set()


def test_an_anchor_stands_at_the_first_words_of_its_article(db: None) -> None:
    text = {block.anchor: block.text for block in regulation_of(pack_of(rules().digest).text).blocks if block.anchor}
    assert text["art-4-(4)-2"].startswith("2.材料评审专家组")
    assert text["art-5-(1)"].startswith("（一）省政府对获得省政府质量奖的组织和个人进行通报表彰")
    assert text["att1-2-4.6"] == "4.6 相关方关系（5 分）"
    assert text["att1-3-2-(1)"] == "（1）“过程”要求评分指南"
    assert text["att2-3-3.1"] == "3.1 战略部署与经营理念（30 分）"
    assert text["att2-2-2.6"].startswith("2.6 获得组织内外部颁发的各种奖项")


def test_what_is_said_twice_has_one_anchor() -> None:
    found = located(blocks("# 办法\n\n## 一、总则\n\n1.甲\n\n1.乙\n\n10 年以内的\n\n2026年的\n"))
    assert [block.anchor for block in found] == ["s1", "art-1", "art-1-1", "", "", ""]


@pytest.mark.duty("A1")
def test_a_citation_opens_the_version_that_binds_the_cycle(site: World, client: Client) -> None:
    made_up = rules("tests/packs/made-up")
    other = cycle("2027", made_up, Stage.APPLICATION, called=clock.at(clock.today()))
    assert article_url("四(四)2") == "/rules/#art-4-(4)-2"
    assert article_url("四(四)2", site.now) == f"{RULES}#art-4-(4)-2"
    address, anchor = article_url("第七条", other).split("#")
    assert f'id="{anchor}">第七条' in client.get(address).text
    assert (article_url(""), article_url("另行规定")) == ("", "/rules/")


def test_a_template_writes_the_address(site: World) -> None:
    text = "{% load official %}{{ '附1二4.6'|article_url }} {{ '七(三)'|article_url:cycle }}"
    assert Template(text).render(Context({"cycle": site.now})) == f"/rules/#att1-2-4.6 {RULES}#art-7-(3)"
