"""Every way a pack can be wrong: the made-up pack with one thing broken; file, line and message are exact."""

from pathlib import Path

import pytest

from tests.packs.conftest import Breaking
from zhiheng.foundation.packs.loader import Fault, PackError, check_pack, load_pack

EXACT = '应写成整数或带引号的小数、分数，例如 "0.3" 或 "2/3"，不用浮点数'
FLOAT = "是浮点数，请写成整数或加引号的小数、分数"
CODE = "写法不对，应符合 ^[A-Za-z0-9][A-Za-z0-9_.\\-]*$"
CITED = "article: 第九条}\nposting"
SCHEME = "criteria/benchmark.yaml"

#: file, passage, what replaces it, line of the fault, message
FAULTS = [
    # what a part may be
    ("pack.yaml", "region: 临湖市\n", "region: 临湖市\nname: 湖\n", 11, "未知的键“name”"),
    ("pack.yaml", "region: 临湖市\n", "", 1, "缺少必填项“region”"),
    ("pack.yaml", "region: 临湖市\n", 'region: ""\n', 10, "“region”不能为空"),
    ("pack.yaml", "region: 临湖市\n", "region: 临湖市\nregion: 湖\n", 11, "键“region”重复，首次出现在第10行"),
    ("pack.yaml", "id: lakeside-2025", "id: 临湖", 2, f"“id”的值“临湖”{CODE}"),
    ("pack.yaml", 'version: "1.0"', "version: 1.0", 3, f"“1.0”{FLOAT}"),
    ("pack.yaml", "effective: 2025-03-01", "effective: 2024-12-31", 9, "规则包生效日期2024-12-31早于所依据规则的施行日期2025-01-01"),
    ("pack.yaml", "effective: 2025-03-01", "effective: 2025-02-30", 9, "“2025-02-30”不是存在的日期"),
    ("pack.yaml", "effective: 2025-03-01", "effective: 三月", 9, "“effective”应为日期，例如 2022-08-08"),
    ("parameters.yaml", CITED, "note: 无}\nposting", 1, "缺少条款出处（article）"),
    ("parameters.yaml", CITED, 'article: ""}\nposting', 1, "“article”不能为空"),
    ("parameters.yaml", CITED, 'article: " "}\nposting', 1, "“article”的值“ ”写法不对，应符合 ^\\S+$"),
    ("parameters.yaml", CITED, "article: 第九条, page: 3}\nposting", 1, "未知的键“page”"),
    ("parameters.yaml", "publicity_days: {value: 3,", "publicity_days: {value: three,", 1, "“publicity_days.value”应为整数"),
    ("parameters.yaml", "publicity_days: {value: 3,", 'publicity_days: {value: "3",', 1, "“publicity_days.value”应为整数"),
    ("parameters.yaml", "publicity_days: {value: 3,", "publicity_days: {value: 3.0,", 1, f"“3.0”{FLOAT}"),
    ("parameters.yaml", "counts: {value: true", "counts: {value: no", 2, "“posting_day_counts.value”应为 true 或 false"),
    (
        "parameters.yaml",
        "value: median",
        "value: mode",
        15,
        "“material_aggregation.value”的值“mode”不在可选范围内，可选：mean、median、trimmed_mean、consensus",
    ),
    ("parameters.yaml", 'quorum: {value: "1/2"', "quorum: {value: 0.5", 33, f"“0.5”{FLOAT}"),
    ("parameters.yaml", 'quorum: {value: "1/2"', 'quorum: {value: "1/0"', 33, f"“quorum.value”{EXACT}"),
    ("parameters.yaml", 'quorum: {value: "1/2"', 'quorum: {value: "1e99"', 33, f"“quorum.value”{EXACT}"),
    ("parameters.yaml", 'quorum: {value: "1/2"', 'quorum: {value: "９/10"', 33, f"“quorum.value”{EXACT}"),
    ("parameters.yaml", 'quorum: {value: "1/2"', "quorum: {value: true", 33, f"“quorum.value”{EXACT}"),
    ("parameters.yaml", "ballot: {value: open, unit: 方式, article: 第十条}\n", "", 1, "缺少必填项“ballot”"),
    ("awards.yaml", "applicant: organization", "applicant: firm", 4, "“applicant”的值“firm”不在可选范围内，可选：organization、person"),
    ("awards.yaml", "value: 3, unit: 家", "value: 3000000000000000000, unit: 家", 22, "整数过大"),
    ("roles.yaml", "code: member, title: 评审会成员", "code: member, title: [评审会成员]", 7, "“title”应为文字，数字、日期须加引号"),
    ("roles.yaml", "title: 公众", "title: 2025-01-01", 10, "“title”应为文字，数字、日期须加引号"),
    ("questions.yaml", "id: Q19", "id: 第19问", 11, "“id”的值“第19问”写法不对，应符合 ^Q[0-9]+$"),
    ("checks.yaml", "title: 登记情况", "stage: qualification, heading: 登记情况", 1, "键“stage”重复，首次出现在第1行"),
    # numbers of parameters
    ("parameters.yaml", 'quorum: {value: "1/2"', 'quorum: {value: "3/2"', 33, "“quorum”应大于0且不超过1"),
    ("parameters.yaml", 'majority: {value: "1/2"', "majority: {value: 0", 34, "“majority”应大于0且不超过1"),
    ("parameters.yaml", "conflict_years: {value: 1", "conflict_years: {value: -1", 26, "“conflict_years”不能为负数"),
    ("parameters.yaml", "material_panel_size: {value: 3", "material_panel_size: {value: 0", 19, "“material_panel_size”须大于0"),
    ("parameters.yaml", "point_step: {value: 1", 'point_step: {value: "-0.5"', 14, "打分的步长须大于0"),
    ("parameters.yaml", "percentage_step: {value: 10", "percentage_step: {value: 15", 13, "百分比步长15不能整除100"),
    (
        "parameters.yaml",
        "local_work_years: {value: 0",
        "local_work_years: {value: 1",
        7,
        "本地从事质量工作的年限不应超过从事质量工作的总年限",
    ),
    ("parameters.yaml", ", unknown: null}", "}", 28, "满意度系数缺少：unknown"),
    ("parameters.yaml", "satisfied: 1,", "satisfied: 2,", 28, "满意度系数“satisfied”应在0与1之间"),
    # awards
    ("awards.yaml", "{material: 1}", '{material: "0.9"}', 15, "材料评审与现场评审的权重之和应为1，实为9/10"),
    ("awards.yaml", "{material: 1}", '{material: "0.3", site: "0.7"}', 15, "评审程序中没有现场评审阶段，现场评审不应占权重"),
    ("awards.yaml", "material_threshold: {value: 100", "material_threshold: {value: 201", 13, "材料评审分数线201超过满分200"),
    ("awards.yaml", 'final_threshold: {value: "120.5"', 'final_threshold: {value: "205.5"', 14, "最终得分分数线411/2超过可能的最高分205"),
    ("awards.yaml", "quota: {value: 3", "quota: {value: -3", 22, "“quota”不能为负数"),
    ("awards.yaml", "    points: 5", "    points: -5", 18, "加分不能为负数"),
    ("awards.yaml", "survey_full: {value: 0", "survey_full: {value: 20", 16, "评审程序中没有入围公示阶段，不能进行公众满意度测评"),
    ("awards.yaml", "criteria: benchmark, ", "criteria: other, ", 8, "没有名为“other”的评价标准"),
    ("awards.yaml", "full_mark: 200", "full_mark: 300", 8, "评价标准“benchmark”的满分与奖项满分300不符"),
    ("awards.yaml", "第三条, evidence: true}", "第三条, applies_to: [firm]}", 10, "没有名为“firm”的类别"),
    ("awards.yaml", "{code: c2,", "{code: c1,", 11, "代码“c1”重复"),
    ("awards.yaml", '"section:2"', '"section:9"', 23, "无法识别的并列比较项“section:9”"),
    ("awards.yaml", '"section:2"', "alphabet", 23, "无法识别的并列比较项“alphabet”"),
    ("awards.yaml", '"section:2"', "survey", 23, "未设公众满意度测评，不能以其比较并列者"),
    ("awards.yaml", "[material,", "[site,", 23, "现场评审不计分，不能以其比较并列者"),
    # criteria and guides
    (SCHEME, "title: 改进做法, points: 45", "title: 改进做法, points: 40", 9, "“做法”各条款分值之和115与该部分分值120不符"),
    (SCHEME, "points: 50, article: 第六条, guide: ladder", "points: 50, article: 第六条, guide: stairs", 19, "没有名为“stairs”的评分指南"),
    (SCHEME, 'code: "2.2"', 'code: "2.1"', 20, "代码“2.1”重复"),
    (SCHEME, 'code: "2.2"', "code: 2.2", 20, f"“2.2”{FLOAT}"),
    (SCHEME, "method: percentage", "method: stars", 4, "“method”的值“stars”不在可选范围内，可选：percentage、points"),
    (SCHEME, ", points: 30, article: 第六条}", ", points: 30}", 20, "缺少条款出处（article）"),
    ("guides.yaml", "[80, 90, 100]", "[80, 90]", 5, "评分指南未覆盖100%"),
    ("guides.yaml", "[80, 90, 100]", "[70, 80, 90, 100]", 8, "70%在评分指南中出现不止一次"),
    ("guides.yaml", "[80, 90, 100]", "[80, 85, 90, 100]", 8, "85%不在评分格上"),
    ("guides.yaml", "[80, 90, 100]", "[90, 80, 100]", 8, "80%未按由低到高排列"),
    ("guides.yaml", "{P: 全面推行。, R: 成效领先。}", "{P: 全面推行。}", 8, "档次要素应为P、R，实为P"),
    # the line
    ("stages.yaml", "code: publicity", "code: committee", 7, "阶段“committee”重复"),
    ("stages.yaml", "code: supervision", "code: site_visit", 9, "阶段“site_visit”不应在“commendation”之后"),
    ("stages.yaml", "code: nomination", "code: shortlist", 1, "缺少必经阶段“nomination”"),
    ("stages.yaml", "[I1, I2]", "[I1, X2]", 6, "职责编号“X2”写法不对，应如“D4”"),
    # lists that refer to others
    (
        "checks.yaml",
        "材料齐全, article: 第五条, stage: qualification",
        "材料齐全, article: 第五条, stage: site_visit",
        2,
        "评审程序中没有“site_visit”阶段",
    ),
    ("checks.yaml", "code: papers", "code: standing", 2, "代码“standing”重复"),
    ("recommenders.yaml", "code: west", "code: east", 2, "代码“east”重复"),
    ("recommenders.yaml", "name: 西岸街道办事处", "name: 东岸街道办事处", 2, "名称“东岸街道办事处”重复"),
    ("recommenders.yaml", "湖心镇,", '湖心镇, gbt2260: "13010",', 3, "行政区划代码“13010”应为六位数字，没有代码的不填"),
    ("questions.yaml", "parameter: fixed", "parameter: awards.benchmark.luck", 15, "没有名为“awards.benchmark.luck”的参数"),
    ("questions.yaml", "parameter: fixed", "parameter: awards.other.quota", 15, "没有名为“awards.other.quota”的参数"),
    ("questions.yaml", "  parameter: fixed\n", "", 11, "缺少必填项“parameter”"),
    ("parameters.yaml", "第七条, question: Q2}\nconsensus_item", "第七条, question: Q3}\nconsensus_item", 15, "没有编号为“Q3”的问题"),
    ("parameters.yaml", "conflict_years: {", "conflict_years: {question: Q2, ", 26, "问题“Q2”未指向参数“parameters.conflict_years”"),
    ("documents.yaml", "{contact}", "{telephone}", 4, "未知的填充项“{telephone}”"),
    ("documents.yaml", "{contact}", "{contact", 4, "花括号不成对"),
    ("documents.yaml", "{contact}", "{contact.__class__}", 4, "未知的填充项“{contact.__class__}”"),
    ("documents.yaml", "kind: commendation", "kind: call_notice", 34, "代码“call_notice”重复"),
    # messages to people outside
    ("messages.yaml", "kind: sms", "kind: fax", 13, "“kind”的值“fax”不在可选范围内，可选：once、digest、sms、wecom"),
    ("messages.yaml", "kind: digest", "kind: once", 7, "代码“once”重复"),
    ("messages.yaml", 'title: "{award}：{subject}"\n  article: 第四条\n', 'title: "{award}：{subject}"\n', 1, "缺少条款出处（article）"),
    ("messages.yaml", 'title: "{award}：{subject}"\n  ', "", 1, "邮件须有标题“title”"),
    ("messages.yaml", "{subject}", "{text}", 2, "未知的填充项“{text}”"),
    ("messages.yaml", "{subject}", "{applicant}", 2, "未知的填充项“{applicant}”"),
    ("messages.yaml", "{subject}", "{subject", 2, "花括号不成对"),
    ("messages.yaml", "今日消息{count}条", "今日消息{score}条", 8, "未知的填充项“{score}”"),
    ("messages.yaml", "    {list}\n    {link}\n- kind: digest", "    {list}\n- kind: digest", 4, "正文须写明工作台地址“{link}”"),
    ("messages.yaml", "有{count}条消息", "有{subject}", 15, "未知的填充项“{subject}”"),
    ("messages.yaml", "请登录查看。", "请登录查看。" + "谢谢。" * 17, 15, "短信最长73字，超过70字"),
    ("messages.yaml", "请登录查看。", "请登录查看{link}。", 15, "未知的填充项“{link}”"),
    ("messages.yaml", 'body: "{award}：有{count}条消息，请登录查看。"', 'body: ""', 15, "“body”不能为空"),
    # the YAML itself
    ("stages.yaml", "- {code: supervision", "- [code: supervision", 9, "YAML 语法错误：expected ',' or ']', but got '}'"),
    ("roles.yaml", "- {code: public,", "--- \n- {code: public,", 10, "一个文件只能有一个 YAML 文档"),
    ("roles.yaml", "title: 公众", "title: !!str 公众", 10, "不允许使用标签"),
    ("roles.yaml", "title: 公众", "title: !!python/object/apply:os.system [ls]", 10, "不允许使用标签"),
    ("roles.yaml", "title: 公众", "title: &name 公众", 10, "不允许使用锚点和别名"),
    ("roles.yaml", "title: 公众", "title: *name", 10, "不允许使用锚点和别名"),
    ("roles.yaml", "{code: public,", "{[code]: public,", 10, "键须为文字"),
    ("roles.yaml", "title: 公众", f"title: {'[' * 30}{']' * 30}", 10, "嵌套超过20层"),
    ("roles.yaml", "title: 公众", "title: 公\x07众", 10, "含有不允许的控制字符"),
    ("checks.yaml", "- {code: standing, title: 登记情况, article: 第五条, stage: qualification}\n- {", "{", 1, "应为列表"),
]


@pytest.mark.duty("A1")
@pytest.mark.parametrize(("file", "old", "new", "line", "message"), FAULTS)
def test_one_fault_is_found_where_it_stands(broken: Breaking, file: str, old: str, new: str, line: int, message: str) -> None:
    assert check_pack(broken(file, old, new)) == [Fault(file, line, message)]


def test_the_unbroken_pack_is_right(small: Path) -> None:
    assert check_pack(small) == []
    assert load_pack(small).id == "lakeside-2025"


def test_all_faults_are_told_at_once_in_order(broken: Breaking) -> None:
    broken("pack.yaml", "region: 临湖市\n", "area: 临湖市\n")
    broken("awards.yaml", "quota: {value: 3", "quota: {value: 3.5")
    broken("stages.yaml", "code: call", "code: ring")
    found = check_pack(broken("roles.yaml", ", article: 第四条}\n- {code: agency", "}\n- {code: agency"))
    assert [(fault.file, fault.line, fault.message.split("：")[0]) for fault in found] == [
        ("awards.yaml", 22, f"“3.5”{FLOAT}"),
        ("pack.yaml", 1, "缺少必填项“region”"),
        ("pack.yaml", 10, "未知的键“area”"),
        ("roles.yaml", 1, "缺少条款出处（article）"),
        ("stages.yaml", 1, "“code”的值“ring”不在可选范围内，可选"),
    ]


def test_three_disagreements_are_told_at_once(broken: Breaking) -> None:
    broken("awards.yaml", "quota: {value: 3", "quota: {value: -1")
    broken("stages.yaml", "[J3]", "[J3, J]")
    assert check_pack(broken(SCHEME, "      points: 80\n", "      points: 90\n")) == [
        Fault("awards.yaml", 22, "“quota”不能为负数"),
        Fault(SCHEME, 5, "各部分分值之和210与满分200不符"),
        Fault(SCHEME, 16, "“成效”各条款分值之和80与该部分分值90不符"),
        Fault("stages.yaml", 8, "职责编号“J”写法不对，应如“D4”"),
    ]


def test_another_grid_must_be_covered_by_the_guides(broken: Breaking) -> None:
    found = check_pack(broken("parameters.yaml", "percentage_step: {value: 10", "percentage_step: {value: 20"))
    assert found[0] == Fault("guides.yaml", 6, "10%不在评分格上")
    assert [(fault.file, fault.line) for fault in found] == [*[("guides.yaml", 6)] * 2, *[("guides.yaml", 7)] * 2, ("guides.yaml", 8)]


def test_steps_need_a_site_visit_and_known_awards(small: Path) -> None:
    (small / "steps.yaml").write_text("- {code: look, title: 看现场, article: 第七条, awards: [benchmark, other]}\n", encoding="utf-8")
    assert check_pack(small) == [
        Fault("steps.yaml", 1, "没有名为“other”的奖项"),
        Fault("steps.yaml", 1, "评审程序中没有现场评审阶段，不应列出现场评审步骤"),
    ]


def test_points_must_be_whole_steps(broken: Breaking) -> None:
    broken("parameters.yaml", "point_step: {value: 1,", 'point_step: {value: "0.4",')
    broken(SCHEME, "guide: ladder, clauses", "clauses")
    found = check_pack(broken(SCHEME, "method: percentage", "method: points"))
    assert found == [
        Fault(SCHEME, 12, "条款“1.1”的分值不是打分步长2/5的整数倍"),
        Fault(SCHEME, 13, "条款“1.2”的分值不是打分步长2/5的整数倍"),
    ]


def test_the_error_carries_every_fault_and_reads_well(broken: Breaking) -> None:
    with pytest.raises(PackError) as error:
        load_pack(broken("awards.yaml", "quota: {value: 3", "quota: {value: -3"))
    assert error.value.faults == [Fault("awards.yaml", 22, "“quota”不能为负数")]
    assert str(error.value) == "awards.yaml:22：“quota”不能为负数"
