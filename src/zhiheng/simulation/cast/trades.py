"""What the fictional organizations do: GB/T 4754 division, words for the name, products or services."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """One line of work. words: what stands between brand and legal form; offers: what it makes or does."""

    kind: str
    division: str
    words: tuple[str, ...]
    offers: tuple[str, ...]
    traits: tuple[str, ...] = ()


ADVANCED, STRATEGIC, SPECIALIZED, MOVED = "先进制造业", "战略性新兴产业", "“专精特新”中小企业", "京津产业转移入冀单位"
NEW_SERVICE, MODERN_FARM, PUBLIC_SERVICE = "新兴服务业", "现代农业", "公共服务"
#: In the order of the regulation.
TRAITS = (SPECIALIZED, MOVED, ADVANCED, STRATEGIC, NEW_SERVICE, MODERN_FARM, PUBLIC_SERVICE)


def _trades(kind: str, *rows: tuple[str, str, str, tuple[str, ...]]) -> tuple[Trade, ...]:
    return tuple(Trade(kind, division, tuple(words.split()), tuple(offers.split()), traits) for division, words, offers, traits in rows)


MANUFACTURING = _trades(
    "manufacturing",
    ("13", "粮油 农产品加工", "专用小麦粉 食用植物油 杂粮制品 鲜湿面制品", ()),
    ("14", "食品 乳品 调味品", "烘焙食品 液态乳制品 发酵调味品 休闲食品", ()),
    ("15", "酒业 饮品", "浓香型白酒 果汁饮料 植物蛋白饮料", ()),
    ("17", "纺织 棉业", "高支棉纱 功能性面料 家用纺织品", ()),
    ("18", "服饰 服装", "职业装 户外服装 针织服装", ()),
    ("21", "家居 家具", "实木家具 定制家具 校用家具", ()),
    ("22", "纸业 包装材料", "生活用纸 瓦楞纸板 食品级包装纸", ()),
    ("26", "新材料 精细化工", "水性树脂 高分子助剂 电子级化学品 环保涂料", (STRATEGIC,)),
    ("27", "药业 生物制药 医药科技", "化学制剂 中药颗粒 注射剂 原料药", (ADVANCED, STRATEGIC)),
    ("28", "化纤", "差别化纤维 再生聚酯纤维 高强纱线", ()),
    ("29", "橡塑 管业", "给排水管材 密封制品 汽车胶管 输送带", ()),
    ("30", "建材 玻璃 陶瓷", "节能玻璃 卫生陶瓷 装配式构件 耐火材料", ()),
    ("31", "特钢 金属材料", "优质棒线材 冷轧薄板 合金结构钢 轴承钢", ()),
    ("32", "铜业 铝业", "精密铜带 铝合金型材 铝板带箔", ()),
    ("33", "金属制品 管件 紧固件", "高压管件 高强度紧固件 安防丝网 精密铸件", ()),
    ("34", "精密制造 轴承 泵业 阀门", "精密轴承 工业泵 高压阀门 数控机床部件", (ADVANCED,)),
    ("35", "专用装备 矿山机械 农业装备", "采掘设备 收获机械 除尘装备 食品加工机械", (ADVANCED,)),
    ("36", "汽车零部件 汽车底盘", "轮毂 制动系统 车身结构件 转向部件", (ADVANCED,)),
    ("37", "轨道装备 自行车", "轨道扣件 动车组配件 童车 道岔部件", (ADVANCED,)),
    ("38", "电气 电缆 新能源装备", "电力变压器 特种电缆 风电塔筒 储能设备", (ADVANCED, STRATEGIC)),
    ("39", "电子科技 光电", "晶体元器件 显示模组 传感器 半导体材料", (ADVANCED, STRATEGIC)),
    ("40", "仪器仪表 测控技术", "智能水表 工业测控仪表 气体分析仪", (ADVANCED, STRATEGIC)),
    ("42", "再生资源 循环科技", "再生铝锭 再生塑料颗粒 废旧电池综合利用产品", (STRATEGIC,)),
)
CONSTRUCTION = _trades(
    "construction",
    ("47", "建设 建筑工程", "房屋建筑工程 装配式建筑工程 城市更新工程", ()),
    ("48", "路桥工程 水利工程", "公路桥梁工程 水利水电工程 市政工程", ()),
    ("49", "安装工程 机电工程", "机电安装工程 管道安装工程 消防设施工程", ()),
    ("50", "装饰工程 幕墙工程", "建筑装饰工程 幕墙工程 古建筑修缮工程", ()),
)
SERVICE = _trades(
    "service",
    ("44", "热力 配售电", "城市集中供热 配电运维 综合能源服务", (PUBLIC_SERVICE,)),
    ("46", "水务", "城镇供水 污水处理 管网运维", (PUBLIC_SERVICE,)),
    ("52", "商贸 连锁超市", "生鲜连锁零售 社区便利服务 线上线下配送", ()),
    ("54", "客运 公共交通", "城市公共汽车客运 城际客运 校车服务", (PUBLIC_SERVICE,)),
    ("59", "物流 冷链物流", "冷链仓储 城市共同配送 供应链服务", (NEW_SERVICE,)),
    ("61", "酒店", "住宿服务 会议服务 度假服务", ()),
    ("62", "餐饮", "地方菜餐饮 团餐服务 中央厨房", ()),
    ("64", "网络科技", "工业互联网平台 产业电商平台 数据服务", (STRATEGIC, NEW_SERVICE)),
    ("65", "软件 信息技术", "行业软件 系统集成 信息安全服务", (STRATEGIC, NEW_SERVICE)),
    ("72", "人力资源 会展服务", "人力资源服务 会议展览服务 园区运营服务", (NEW_SERVICE,)),
    ("74", "检测技术 计量检测", "产品检验检测 计量校准 认证技术服务", (NEW_SERVICE,)),
    ("77", "环境治理 生态修复", "固废处置 流域治理 矿山生态修复", (STRATEGIC,)),
    ("78", "景区管理 公共设施管理", "景区运营 园林养护 环卫作业", (PUBLIC_SERVICE,)),
    ("80", "家政服务", "居家保洁 母婴护理 病患陪护", ()),
    ("85", "养老服务", "机构养老 社区居家养老 康复护理", (PUBLIC_SERVICE,)),
)
FARM = _trades(
    "farm",
    ("01", "种业 果蔬", "小麦良种 设施蔬菜 优质梨果 中药材", (MODERN_FARM,)),
    ("02", "林业", "经济林种植 苗木繁育 林下产品", (MODERN_FARM,)),
    ("03", "牧业 禽业", "奶牛养殖 蛋鸡养殖 生猪育种", (MODERN_FARM,)),
    ("04", "水产", "海参养殖 对虾育苗 淡水鱼养殖", (MODERN_FARM,)),
    ("05", "农业服务", "农机作业服务 植物保护服务 农产品初加工服务", (MODERN_FARM,)),
)
HOSPITAL = _trades(
    "hospital", ("84", "医院 中医院 妇幼保健院 康复医院 口腔医院 骨科医院", "基本医疗 急诊急救 康复护理 健康管理", (PUBLIC_SERVICE,))
)
SCHOOL = _trades("school", ("83", "职业技术学院 职业中等专业学校 技师学院 中学 实验小学", "学历教育 职业培训 社会服务", (PUBLIC_SERVICE,)))
INSTITUTE = _trades(
    "institute",
    ("73", "工业技术研究院 材料研究院 食品研究院 装备研究院", "应用研究 技术开发 成果转化", ()),
    ("74", "检验检测中心 计量技术中心 标准化研究中心 认证中心", "检验检测 计量校准 标准研制 质量认证", ()),
    ("83", "理工学院 财经学院 科技大学 医学院", "本科教育 科学研究 质量人才培养", ()),
    ("75", "质量技术推广中心 生产力促进中心", "质量方法推广 企业诊断 人才培训", ()),
    ("95", "质量促进会 卓越绩效研究会 标准化促进会", "质量交流 标杆推广 团体标准研制", ()),
)

BY_KIND = {
    "manufacturing": MANUFACTURING,
    "construction": CONSTRUCTION,
    "service": SERVICE,
    "farm": FARM,
    "hospital": HOSPITAL,
    "school": SCHOOL,
    "institute": INSTITUTE,
}
DIVISIONS = tuple(sorted({trade.division for trades in BY_KIND.values() for trade in trades}))
