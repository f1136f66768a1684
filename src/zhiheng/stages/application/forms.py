"""The application form as data: fields, limits and what must be filled before submission (D1, B3, B4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from zhiheng.rules.decision import Decision, Reason, decide
from zhiheng.stages.application.texts import visible

_MOST_FAULTS = 20  # as many as a person reads; a hostile form cannot fill the journal
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _seen(text: str) -> str:
    if not visible(text):
        raise PydanticCustomError("invisible", "invisible characters")
    return text


def _iso(value: object) -> object:
    """Pydantic would read a number as seconds since 1970; a date is written as a date."""
    if isinstance(value, datetime) or not isinstance(value, date | str) or (isinstance(value, str) and not _ISO.fullmatch(value)):
        raise PydanticCustomError("date_form", "not an ISO date")
    return value


Key = Annotated[str, Field(max_length=40), AfterValidator(_seen)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_seen)]
Paragraph = Annotated[str, Field(max_length=5000), AfterValidator(_seen)]
LongText = Annotated[str, Field(max_length=20000), AfterValidator(_seen)]
KnownDay = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31)), BeforeValidator(_iso)]
Day = KnownDay | None


class IncidentForm(BaseModel):
    """An accident or environmental incident that the applicant discloses."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["quality", "safety", "environment"]
    major: bool
    on: KnownDay


class Form(BaseModel):
    """What both kinds of applicants fill in. Titles are the official names of the fields; `required` ones block submission."""

    model_config = ConfigDict(extra="forbid")
    achievements: Paragraph = Field("", title="主要业绩（事迹）", json_schema_extra={"required": True})
    abnormal_listed: bool = Field(False, title="被列入经营异常名录")
    dishonest_listed: bool = Field(False, title="被列入严重违法失信名单")
    violations: list[Line] = Field([], title="违法、违规、违纪行为", max_length=50)
    incidents: list[IncidentForm] = Field([], title="事故和突发环境事件", max_length=50)
    improvement: Paragraph = Field("", title="较上次申报的提高情况")
    answers: dict[Key, LongText] = Field({}, title="对照评价标准的说明", max_length=200)


class OrganizationForm(Form):
    """The form of an organization."""

    established_on: Day = Field(None, title="成立日期", json_schema_extra={"required": True})
    employees: int | None = Field(None, title="职工人数", ge=1, le=5_000_000)
    main_business: Paragraph = Field("", title="主要产品（服务）", json_schema_extra={"required": True})
    profile: LongText = Field("", title="组织简介")
    traits: list[Line] = Field([], title="鼓励申报的特征", max_length=20)


class PersonForm(Form):
    """The form of a person."""

    job: Line = Field("", title="职务（岗位）", json_schema_extra={"required": True})
    work_since: Day = Field(None, title="从事质量工作起始日期", json_schema_extra={"required": True})
    local_work_since: Day = Field(None, title="在本省从事质量工作起始日期", json_schema_extra={"required": True})
    traits: list[Line] = Field([], title="鼓励申报的特征", max_length=20)


FORMS: dict[str, type[Form]] = {"organization": OrganizationForm, "person": PersonForm}


def parse(applicant: str, data: Mapping[str, Any]) -> Decision[Form]:
    """A form from what was typed. Each fault names its field in Chinese and says what to do; nothing is changed by it."""
    model = FORMS[applicant]
    try:
        return Decision((), model.model_validate(dict(data)))
    except ValidationError as error:
        return decide(_reason(model, fault) for fault in error.errors()[:_MOST_FAULTS])


def missing(form: Form) -> tuple[str, ...]:
    """Titles of the required fields still empty."""
    fields = type(form).model_fields.items()
    return tuple(
        str(field.title)
        for name, field in fields
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("required") and not getattr(form, name)
    )


def _reason(model: type[Form], fault: Any) -> Reason:
    name = str(fault["loc"][0])[:40] if fault["loc"] else ""
    field = model.model_fields.get(name)
    title = field.title if field else name
    limit = fault.get("ctx", {})
    said = {
        "extra_forbidden": "中有申报表以外的内容，请删除" if field else "不是申报表的栏目，请删除",
        "string_too_long": f"超过 {limit.get('max_length')} 字，请精简",
        "too_long": f"超过 {limit.get('max_length')} 项，请精简",
        "greater_than_equal": f"不得小于 {limit.get('ge')}，请核对",
        "less_than_equal": f"不得大于 {limit.get('le')}，请核对",
        "invisible": "含有不可见字符，请删除后重新填写",
        "string_unicode": "含有不可见字符，请删除后重新填写",
    }.get(fault["type"])
    if said is None and "date" in fault["type"]:
        said = "不是有效日期，请按“2024-01-31”的格式填写"
    return Reason(False, f"“{title}”{said or '填写有误，请核对'}", "四(二)", "D1", f"form.{name}")
