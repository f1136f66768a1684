"""The worked figures of the Hebei rules, as data (rulepacks/hebei-2022/cases), and small makers of facts for the tests."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from zhiheng.rules.pack import Award, Criteria, Item, Parameters, Section

HEBEI = Path(__file__).resolve().parents[2] / "rulepacks" / "hebei-2022"


def worked(name: str) -> Any:
    """The cases of one file: a list, or a mapping of lists."""
    return YAML(typ="safe").load(HEBEI / "cases" / f"{name}.yaml")


def exact(value: int | str) -> Fraction:
    """A number of a case."""
    return Fraction(value)


def every(scheme: Criteria, rest: int | str, **marks: int | str) -> dict[str, Fraction]:
    """A sheet: `rest` on every item that is not named. Names are written i4_6 for item 4.6."""
    named = {code.removeprefix("i").replace("_", "."): Fraction(mark) for code, mark in marks.items()}
    return {code: named.get(code, Fraction(rest)) for code in scheme.item_points}


def with_parameters(params: Parameters, **values: object) -> Parameters:
    """The parameters with some values put in place of the pack's."""
    return params.model_copy(update={name: getattr(params, name).model_copy(update={"value": value}) for name, value in values.items()})


def with_award(award: Award, **values: object) -> Award:
    """The award with some parts put in place of the pack's; a part that carries an article keeps it."""
    update = {}
    for name, value in values.items():
        part = getattr(award, name)
        update[name] = part.model_copy(update={"value": value}) if hasattr(part, "value") and hasattr(part, "unit") else value
    return award.model_copy(update=update)


def small_scheme(method: str = "percentage") -> Criteria:
    """Three items of odd points in two chapters, so that nothing comes out round by luck."""

    def item(code: str, points: int | str) -> Item:
        return Item(code=code, title=f"条款{code}", points=Fraction(points), article=f"附1二{code}")

    first = Section(code="1", title="过程", points=Fraction(40), article="附1二1", items=(item("1.1", "7.5"), item("1.2", "32.5")))
    second = Section(code="2", title="结果", points=Fraction(60), article="附1二2", items=(item("2.1", 60),))
    return Criteria(code="small", title="小标准", article="附1", method=method, full_mark=Fraction(100), sections=(first, second))
