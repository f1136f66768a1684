"""Names made of syllables, each given once. None of them is meant to name anybody: `BLOCKED` keeps known names out."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.simulation.cast.chance import Chance

SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
#: Given names are put together from these; they suit anybody.
FIRST = tuple("文思嘉景安若书清云子知明承远立晓望一学守致恒新和昕雨春志同亦其昊可以")
SECOND = tuple("宁然舟航岚晨溪楠彤辰越逸言朗川平原峰林禾竹松泽琳颖敏岩柯钧珩诚谦瑞霖博雯")
BRAND_FIRST = tuple("云澄砚嵩沐岚霁磐昀祺翊曜禾栎泓珩钧铄霖朔甄骞皓笃澜瑾骏峻卓弘竣翎")
BRAND_SECOND = tuple("岭川舟屿砚衡渡麓庭陌原帆棠屏序墨岑溪垣璟峤汀槿弦岩驰坤霆翰腾启拓")
VIRTUE_FIRST = tuple("安康泰宁慈颐怡济惠和育明启致博弘")
VIRTUE_SECOND = tuple("和宁康济泰安民德新才达远文行")
#: Firms and brands that exist: no fictional name may contain one.
BLOCKED = (
    "河钢", "长城", "君乐宝", "石药", "以岭", "新奥", "晨阳", "养元", "今麦郎", "华夏", "冀中", "开滦", "唐钢", "首钢", "邯钢", "敬业",
    "津西", "德龙", "立中", "巨力", "英利", "乐凯", "天威", "风帆", "惠达", "华药", "神威", "旭阳", "金隅", "冀东", "普阳", "新兴铸管",
    "戴卡", "露露", "老白干", "丛台", "五得利", "金沙河", "晶澳", "东旭", "荣盛", "庞大", "汇源", "华为", "海尔", "格力", "美的", "联想",
    "蒙牛", "伊利", "比亚迪", "吉利", "腾讯", "阿里", "百度", "京东", "中石油", "中石化", "宁德", "卓达", "翰宇", "腾达", "弘毅", "骏驰",
)  # fmt: skip


class Names:
    """Names that are given out once each, of people and of bodies."""

    def __init__(self, rng: Chance) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def person(self) -> str:
        """A person's name, surname first."""
        return self.once(lambda: self._rng.choice(SURNAMES) + self._rng.choice(FIRST) + self._rng.choice(SECOND))

    def brand(self) -> str:
        """Two syllables for a firm."""
        return self._pair(BRAND_FIRST, BRAND_SECOND)

    def virtue(self) -> str:
        """Two syllables for a hospital or a school."""
        return self._pair(VIRTUE_FIRST, VIRTUE_SECOND)

    def once(self, make: Callable[[], str]) -> str:
        """What `make` gives, asked again until it is neither taken nor blocked. Raises ValueError when the syllables run out."""
        for _ in range(1000):
            name = make()
            if name not in self._taken and not blocked(name):
                self._taken.add(name)
                return name
        raise ValueError("too many names wanted for the syllables there are")

    def _pair(self, first: tuple[str, ...], second: tuple[str, ...]) -> str:
        while True:
            left, right = self._rng.choice(first), self._rng.choice(second)
            if left != right:
                return left + right


def blocked(name: str) -> bool:
    """Whether a name contains that of a firm that exists."""
    return any(word in name for word in BLOCKED)
