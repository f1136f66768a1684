"""The committee, the recommending units, the provincial departments, and who works for the office and the agency."""

from __future__ import annotations

from zhiheng.simulation.cast.model import MemberCast, StaffCast, UnitCast
from zhiheng.simulation.cast.organizations import Casting
from zhiheng.simulation.cast.places import PLACES

#: The provincial departments that are consulted, in official order.
DEPARTMENTS = (
    ("fgw", "河北省发展和改革委员会"),
    ("jyt", "河北省教育厅"),
    ("kjt", "河北省科学技术厅"),
    ("gxt", "河北省工业和信息化厅"),
    ("rst", "河北省人力资源和社会保障厅"),
    ("sthjt", "河北省生态环境厅"),
    ("zjt", "河北省住房和城乡建设厅"),
    ("nynct", "河北省农业农村厅"),
    ("swt", "河北省商务厅"),
    ("wjw", "河北省卫生健康委员会"),
    ("yjt", "河北省应急管理厅"),
    ("swj", "国家税务总局河北省税务局"),
)
AGENCY = "河北砚衡质量评审服务中心"
OFFICE = "河北省政府质量奖评审委员会办公室"
_CHAIR = "省质评委主任"
_DEPUTIES = ("省政府副秘书长，省质评委副主任", "省市场监督管理局局长，省质评委副主任")
_OTHERS = (
    "省质量协会负责人", "省总工会负责人", "省工商业联合会负责人", "省消费者权益保护委员会负责人", "省科学技术协会负责人",
    "质量管理专家", "标准化专家", "计量专家", "检验检测专家", "经济学专家",
)  # fmt: skip


def members(casting: Casting, count: int) -> tuple[MemberCast, ...]:
    """The committee of `count`, the chair in seat 1, then deputies, departments and others."""
    positions = [_CHAIR, *_DEPUTIES, *(f"{name}负责人" for _, name in DEPARTMENTS), *_OTHERS]
    made = []
    for seat in range(1, count + 1):
        position = positions[seat - 1] if seat <= len(positions) else "质量管理专家"
        made.append(MemberCast(seat, casting.names.person(), casting.identities.next_id_number(42, 62), position, chair=seat == 1))
    return tuple(made)


def recommenders(casting: Casting) -> tuple[UnitCast, ...]:
    """The fourteen recommending units, one person each."""
    return tuple(_unit(casting, place.code, "recommender", place.regulator, place.city, ("质量发展科科长",)) for place in PLACES)


def departments(casting: Casting) -> tuple[UnitCast, ...]:
    """The provincial departments, one person each."""
    return tuple(_unit(casting, code, "department", name, "石家庄市", ("质量工作联络员",)) for code, name in DEPARTMENTS)


def office(casting: Casting) -> UnitCast:
    """The committee's office."""
    return _unit(casting, "office", "office", OFFICE, "石家庄市", ("办公室副主任", "综合组工作人员", "评审组工作人员"))


def agency(casting: Casting) -> UnitCast:
    """The body that the office commissions; its name is made up."""
    return _unit(casting, "agency", "agency", AGENCY, "石家庄市", ("评审部负责人", "项目主管", "评审联络员"))


def inspection(casting: Casting) -> UnitCast:
    """The discipline inspection group that watches the award."""
    return _unit(casting, "inspection", "inspector", "派驻省市场监督管理局纪检监察组", "石家庄市", ("纪检监督员",))


def administration(casting: Casting) -> UnitCast:
    """Who keeps the system running and has no business rights."""
    return _unit(casting, "administration", "admin", "河北省政府质量奖信息系统运维组", "石家庄市", ("系统管理员",))


def _unit(casting: Casting, code: str, role: str, name: str, city: str, positions: tuple[str, ...]) -> UnitCast:
    staff = tuple(
        StaffCast(casting.names.person(), casting.identities.next_id_number(28, 57), position, casting.identities.phone())
        for position in positions
    )
    return UnitCast(code, role, name, city, staff)
