"""The fourteen recommending places of Hebei with their GB/T 2260 codes and how many applicants come from each."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.simulation.cast.chance import Chance


@dataclass(frozen=True, slots=True)
class Place:
    """A city. short: as company names carry it; weight: share of applicants, in hundredths."""

    code: str
    city: str
    short: str
    regions: tuple[str, ...]
    weight: int
    regulator: str


def _city(code: str, short: str, region: str, weight: int) -> Place:
    return Place(code, f"{short}市", short, (region,), weight, f"{short}市市场监督管理局")


PLACES = (
    _city("sjz", "石家庄", "130100", 15),
    _city("ts", "唐山", "130200", 13),
    _city("qhd", "秦皇岛", "130300", 6),
    _city("hd", "邯郸", "130400", 10),
    _city("xt", "邢台", "130500", 8),
    _city("bd", "保定", "130600", 11),
    _city("zjk", "张家口", "130700", 5),
    _city("cd", "承德", "130800", 5),
    _city("cz", "沧州", "130900", 10),
    _city("lf", "廊坊", "131000", 7),
    _city("hs", "衡水", "131100", 4),
    _city("dz", "定州", "130682", 2),
    _city("xj", "辛集", "130181", 2),
    # GB/T 2260 has no code for 雄安新区: its organizations are registered in one of its three counties.
    Place("xa", "雄安新区", "雄安", ("130629", "130632", "130638"), 2, "雄安新区综合执法局"),
)


def spread_over(rng: Chance, count: int) -> list[Place]:
    """`count` places in random order: by weight, and each place at least once where there are enough."""
    weighted = [place for place in PLACES for _ in range(place.weight)]
    chosen = list(PLACES) if count >= 2 * len(PLACES) else []
    chosen += [rng.choice(weighted) for _ in range(count - len(chosen))]
    rng.shuffle(chosen)
    return chosen


def city_departments(city: str) -> tuple[str, ...]:
    """The same-level departments that a city's regulator asks for opinions."""
    return tuple(f"{city}{name}" for name in ("生态环境局", "应急管理局", "人力资源和社会保障局", "税务局"))


def city_coordination(city: str) -> str:
    """The city's body whose consent a recommendation needs."""
    return f"{city}质量强市工作领导小组办公室"
