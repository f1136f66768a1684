"""The Hebei pack says what the regulation says: word for word, and nothing of the criteria is lost."""

import re
from collections.abc import Iterator

import pytest

from zhiheng.rules.pack import Concept, Criteria, Pack

WHITE = re.compile(r"\s+")
CHAPTERS = {"senior_leader": 3, "middle_manager": 4, "front_line": 5, "other": 6}


def bare(text: str) -> str:
    """Text without white space: the only freedom the pack takes."""
    return WHITE.sub("", text)


def lines_between(text: str, start: str, end: str | None) -> list[str]:
    """The lines of the source after the line `start` and before the line `end`, without white space and empty lines."""
    lines = text.split("\n")
    first = lines.index(start) + 1
    last = lines.index(end) if end else len(lines)
    return [bare(line) for line in lines[first:last] if line.strip()]


def rendered(scheme: Criteria) -> Iterator[str]:
    """The organization criteria written as the source writes them."""
    for part in scheme.unscored:
        yield f"### {part.code}. {part.title}"
        yield from part.text.split("\n")
    for section in scheme.sections:
        yield f"### {section.code}.{section.title}（{section.points} 分）"
        yield section.text
        for item in section.items:
            yield f"#### {item.code} {item.title}（{item.points} 分）"
            if item.text:
                yield item.text
            for clause in item.clauses:
                if clause.numbered:
                    yield f"##### {clause.code} {clause.title}"
                elif clause.details:
                    yield f"##### {clause.title}"
                if clause.text:
                    yield clause.text
                yield from clause.details


def rendered_person(scheme: Criteria, chapter: int) -> Iterator[str]:
    """A person's criteria written as the source writes them."""
    yield f"### {chapter} {scheme.title}（{scheme.full_mark} 分）"
    for part in scheme.unscored:
        yield f"#### {part.code} {part.title}"
        yield part.text
    for item in scheme.items:
        yield f"#### {item.code} {item.title}（{item.points} 分）"
        for clause in item.clauses:
            yield f"{clause.code} {clause.text}"


def scheme(pack: Pack, code: str) -> Criteria:
    return next(scheme for scheme in pack.criteria.schemes if scheme.code == code)


@pytest.mark.duty("F2", "A1")
def test_the_organization_criteria_are_the_source_line_by_line(hebei: Pack) -> None:
    source = lines_between(hebei.text, "## 二、评价要求", "## 三、评分体系")
    introduction = source.pop(0)
    assert [bare(line) for line in rendered(scheme(hebei, "organization"))] == source
    assert introduction == bare(next(note.text for note in hebei.criteria.notes if note.code == "requirements"))


@pytest.mark.duty("F2", "A1")
def test_the_criteria_of_persons_are_the_source_line_by_line(hebei: Pack) -> None:
    source = lines_between(hebei.text, "### 2 基本要求", None)
    start = source.index(bare("### 3 高层领导者评价准则（80 分）"))
    expected = [line for code, chapter in CHAPTERS.items() for line in rendered_person(scheme(hebei, code), chapter)]
    assert [bare(line) for line in expected] == source[start:]
    assert source[:start] == [bare(f"{part.code} {part.text}") for part in hebei.criteria.requirements]


@pytest.mark.duty("F2")
def test_definitions_and_concepts_are_the_source_line_by_line(hebei: Pack) -> None:
    book = hebei.criteria
    source = lines_between(hebei.text, "### 1 术语和定义", "### 2 基本要求")
    assert source == [bare(line) for n, part in enumerate(book.definitions, 1) for line in (f"#### 1.{n} {part.title}", part.text)]
    source = lines_between(hebei.text, "## 一、基本理念", "## 二、评价要求")
    numbers = "一二三四五六七"
    written = [[f"### （{number}）{part.title}", *part.text.split("\n")] for number, part in zip(numbers, book.concepts, strict=True)]
    assert source[1:] == [bare(line) for lines in written for line in lines]
    assert [award.definition for award in hebei.award("individual").categories] == [part.text for part in book.definitions]
    assert [award.title for award in hebei.award("individual").categories] == [part.title for part in book.definitions]


@pytest.mark.duty("F2")
def test_the_guides_are_the_source_whole_and_by_element(hebei: Pack) -> None:
    rows = [line for line in hebei.text.split("\n") if re.match(r"\| \d+%", line)]
    bands = [band for guide in hebei.criteria.guides for band in guide.bands]
    assert [f"| {band.label} | {band.text} |" for band in bands] == rows
    assert len(rows) == 12
    for guide in hebei.criteria.guides:
        for band in guide.bands:
            whole = "".join(f"{band.elements[element]}（{element}）" for element in guide.elements)
            assert whole == band.text.replace("(", "（").replace(")", "）")
            assert [int(number) for number in re.findall(r"(\d+)%", band.label)] == list(band.percentages)


def texts(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every text of the pack that claims to be the regulation's own, with what it is."""
    book = pack.criteria
    concepts: tuple[Concept, ...] = (*book.concepts, *book.definitions, *book.requirements, *book.notes)
    for concept in concepts:
        yield f"concept {concept.code}", concept.text
    for guide in book.guides:
        yield f"guide {guide.code}", guide.title
        for band in guide.bands:
            yield from ((f"guide {guide.code} {band.label} {key}", value) for key, value in {"text": band.text, **band.elements}.items())
    for each in book.schemes:
        yield f"scheme {each.code}", each.title
        yield from ((f"unscored {part.code}", part.text) for part in each.unscored)
        for section in each.sections:
            yield from ((f"section {section.code}", text) for text in (section.title, section.text))
            for item in section.items:
                yield from ((f"item {item.code}", text) for text in (item.title, item.text))
                for clause in item.clauses:
                    yield from ((f"clause {clause.code}", text) for text in (clause.title, clause.text, *clause.details))
    for award in pack.awards:
        yield from ((f"award {award.code}", text) for text in (award.title, award.scope, *award.encouraged))
        yield from ((f"condition {award.code} {part.code}", part.text) for part in award.conditions)
        yield from ((f"bonus {part.code}", part.title) for part in award.bonus.kinds)
        yield from ((f"category {part.code}", text) for part in award.categories for text in (part.title, part.definition))
    yield from ((f"check {part.code}", part.title) for part in (*pack.checks, *pack.steps))


@pytest.mark.duty("A1")
def test_every_text_of_the_pack_stands_in_the_regulation(hebei: Pack) -> None:
    source = bare(hebei.text)
    missing = [(what, text) for what, text in texts(hebei) if bare(text) not in source]
    assert missing == []
    assert len(list(texts(hebei))) > 500


@pytest.mark.duty("A1")
def test_every_line_of_both_annexes_is_in_the_pack(hebei: Pack) -> None:
    lines = hebei.text.split("\n")
    annexes = lines[next(n for n, line in enumerate(lines) if line.startswith("# 附件 1")) :]
    held = {bare(line) for _, text in texts(hebei) for line in text.split("\n")}
    # A numbered line of the source is a clause with its number; headings and table rows are held to the pack by the tests above.
    plain = [line for line in annexes if line.strip() and not line.startswith(("#", "|")) and line != "评分条款分值表"]
    absent = [line for line in plain if bare(re.sub(r"^(\d\.\d(\.\d)? |（\d）)", "", line)) not in held]
    assert absent == []
    assert len(plain) == 234


@pytest.mark.duty("F2")
def test_the_table_of_points_agrees_with_the_text(hebei: Pack) -> None:
    organization = scheme(hebei, "organization")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in hebei.text.split("\n") if re.match(r"\| \d ", line)]
    written = [
        [
            f"{section.code} {section.title}（{section.points}）",
            f"{item.code} {item.title}（{item.points}）",
            "、".join(clause.title for clause in item.clauses),
        ]
        for section in organization.sections
        for item in section.items
    ]
    # The table itself differs from the text in two names; the pack follows the text.
    slips = {"3.2 顾客关系与顾客满意（50）": "3.2 顾客关系和顾客满意（50）", "4.6 相关方关（系）（5）": "4.6 相关方关系（5）"}
    assert [[row[0], slips.get(row[1], row[1]), row[2]] for row in rows] == written
    assert {row[1] for row in rows} >= set(slips)
