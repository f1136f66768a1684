#!/usr/bin/env python3
"""Proves the dossier of an award cycle anew, without the system that made it and without a line of its code.

    python verify.py dossier.zip [--json] [--head HEAD]      or, in the unpacked folder:  python verify.py
HEAD: a head of the journal published elsewhere, e.g. cycle:2024#512#9f3c… Python 3.11 and its standard library; exit code 0 only when all
is proved; faults are named by duty, file and record. How: the journal is a chain of hashes, some published meanwhile, so that it cannot be
rewritten unnoticed. Every record must be what its acts in the journal made it, and every act must have its record (BOUND); every entry must
have gone the lawful way (MOVES, AFTER); what follows from other records under the pinned rules is computed again (the methods of Proof).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache, partial, reduce
from pathlib import Path
from typing import Any

# fmt: off
FORMAT, README = 1, "c91a85dddbfed3ef442f65c1f974bff17fd6ea620d1b42f1520ce6dd993c386d"
LIMIT, FILES, SLACK = 512 * 2**20, 2000, timedelta(seconds=90)  # bytes and number of all files; what clocks may differ
# Duty, list, the fields that name a record, and the acts that make it ("/rows": one record for each row within the payload; "*": any act
# that posts a notice). A record's "at" has the time of each of its acts; every other field of the same name must be what the acts say.
BOUND = [line.split() for line in re.split(r" *[;\n]", """F1 draws round,version panel.freeze panel.draw
D1 entries entry application.open application.submit; K1 bans entry supervision.find_false
L2 notices notice * publicity.close; J2 objections objection publicity.object publicity.answer
K7 seats panel,round,out panel.replace panel.answer/replaced; J2 cancellations entry commendation.cancel
F2 sheets sheet_digest review.submit_sheet sitevisit.submit_sheet review.void_sheet; G5 handovers cycle review.hand_over sitevisit.hand_over
F2 consensus entry,round,version review.record_consensus sitevisit.record_consensus
F3 results entry,round,version review.score/results sitevisit.score/results review.void_sheet/results
F4 shortlist cycle shortlist.authority_opinion shortlist.approve shortlist.settle; J2 approval cycle commendation.approve
F5 survey entry survey.open/entries survey.close/polls survey.decide_few; J3 certificates entry commendation.award/certificates
H1 bonus entry,kind application.claim_bonus nomination.check_bonus; I1 meetings meeting committee.convene committee.resolve
H3 candidates version nomination.settle_candidates nomination.submit_report; H1 finals entry,version nomination.compute_finals/finals
I2 motions motion committee.open_ballot committee.close_ballot
K2 revocations entry supervision.revoke_deceit supervision.verify_event supervision.agree_revocation supervision.revoke_event""")]
LISTS = {name: key.split(",") for _, name, key, *_ in BOUND} | {"panels": [], "ballots": [], "ledger": []}
NEEDED = {*(f"{name}.json" for name in [*LISTS, "cycle", "pack", "calendar"]), "README.md", "regulation.md", "journal.jsonl", "verify.py"}
# MOVES: act (and list in its payload) = the status it gives; PASS: stage = the status of having passed it; AFTER: act > the act that must
# have come before it on the same subject, act @ the stage at which its entry must stand.
MOVES = re.findall(r"(\S+)=(\S+)", """application.submit=submitted recommendation.return=draft application.withdraw=withdrawn
recommendation.recommend=recommended recommendation.decline=not_recommended qualification.settle/accepted=accepted
qualification.settle/failing=not_accepted review.hand_over/passed=reviewed review.hand_over/below=below_material
shortlist.settle/shortlisted=shortlisted shortlist.settle/left_out=not_shortlisted sitevisit.hand_over/visited=visited
nomination.submit_report/nominated=nominated nomination.submit_report/left_out=not_nominated committee.resolve/proposed=proposed
committee.resolve/not_proposed=not_proposed commendation.cancel=cancelled commendation.confirm/confirmed=confirmed
commendation.award/certificates=awarded supervision.revoke_deceit=revoked supervision.revoke_event=revoked""")
PASS = dict(re.findall(r"(\S+)=(\S+)", """application=submitted recommendation=recommended qualification=accepted material_review=reviewed
shortlist=shortlisted site_visit=visited nomination=nominated committee=proposed publicity=confirmed commendation=awarded"""))
AFTER = re.findall(r"(\S+)([>@])(\S+)", """call.issue>call.approve_plan recommendation.consent>recommendation.sign panel.draw>panel.freeze
panel.draw>panel.publish_lottery panel.publish_lottery>panel.freeze shortlist.publish>shortlist.approve
recommendation.recommend>recommendation.consent qualification.settle>qualification.consult shortlist.approve>shortlist.authority_opinion
commendation.award>commendation.approve supervision.revoke_event>supervision.agree_revocation
review.submit_sheet@material_review sitevisit.submit_sheet@site_visit committee.open_ballot@committee""")
DUTY = {"city_publicity": "D4", "accepted_list": "E2", "shortlist_publicity": "F5", "proposed_winners": "J1", "event": "K3", "site": "G3"}
PROOFS = "files rules chain bound way notices draws sheets results survey finals candidates motions winners certificates bans revocations"
Json = Any
def sha256(data: Json) -> str:
    """SHA-256 in hex, of bytes, or of a value's canonical JSON (RFC 8785; a dossier has whole numbers and keys of the basic plane only)."""
    plain = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(plain).hexdigest()
def sm3(data: bytes) -> str:  # GB/T 32905, in hex; ValueError where this Python's OpenSSL has it not
    return hashlib.new("sm3", data).hexdigest()
def number(text: Json) -> Fraction:  # an exact number: a whole number, or text such as "0.5" or "1999/4"
    return Fraction((re.fullmatch(r"-?\d{1,80}(\.\d{1,40}|/[1-9]\d{0,80})?", str(text)) or [f"不是精确数：{text!s:.40}"])[0])
parse = partial(json.loads, parse_float=number, parse_constant=number)  # no number is ever read as a float
moment = datetime.fromisoformat  # all times are Beijing's and end in +08:00, so that as text they sort, and begin with their date
def near(one: str | None, other: str) -> bool:  # one moment; a date is any moment of its day, and none is any time
    return one in (None, other, other[:10])
def plus_years(day: str, years: int) -> str:  # the corresponding day; 29 February becomes 28 (Civil Code art. 202)
    return f"{year}-02-28" if (year := int(day[:4]) + years) % 4 and day[5:] == "02-29" else f"{year}{day[4:]}"
def home(employer: str) -> str:  # an employer so written that width, case and spaces make no difference
    return "".join(unicodedata.normalize("NFKC", employer).split()).upper()
def made(record: Json, act: str = "") -> str:  # when made, or when the act was done; not done: later than every time
    return str(record["at"].get(act) or "9" if act else min(filter(None, record["at"].values()), default=""))
class Proof:  # a dossier, zipped or unpacked, and its proofs: one method for each list, or for the whole; nothing in it is run
    def __init__(self, source: Path, heads: list[str]) -> None:
        self.heads, self.count, self.faults, self.note = heads, 0, list[dict[str, str]](), ""
        archive = None if source.is_dir() else zipfile.ZipFile(source)
        sizes = [(i.filename, i.file_size) for i in archive.infolist()] if archive else [
            (f.relative_to(source).as_posix(), f.stat().st_size) for f in source.rglob("*") if f.is_file()]
        strange = [name for name, _ in sizes if not re.fullmatch(r"(draws/)?[A-Za-z0-9_-]{1,60}\.(json|jsonl|md|py)", name)]
        if strange or len(dict(sizes)) < len(sizes) or len(sizes) > FILES or sum(size for _, size in sizes) > LIMIT:
            raise ValueError(f"不属于档案的文件 {strange[:9]!r:.200}，或文件重名、超出核验上限（{FILES} 个、{LIMIT} 字节）")
        self.raw: dict[str, bytes] = {}
        self.x: dict[str, Json] = {**{n: [] for n in LISTS}, "manifest": {}, "cycle": {}, "pack": {}, "calendar": {}}
        for name, size in sorted(sizes):
            with self.about(name, "文件", "L3"):
                self.raw[name] = archive.open(name).read(size) if archive else (source / name).read_bytes()
                found = parse(self.raw[name]) if name.endswith(".json") else None
                if name.startswith("draws/"):
                    self.x["draws"].append(found)
                elif type(found) is type(self.x.get(name[:-5])):
                    self.x[name[:-5]] = found
        self.journal: list[Json] = []
        for place, line in enumerate(self.raw.get("journal.jsonl", b"").splitlines(), 1):
            with self.about("journal.jsonl", f"第 {place} 条", "L3"):
                row, body = parse(line), parse(parse(line)["body"])
                of = {"time": moment(body["at"]), "of": body["subject"].partition(":")}
                self.journal.append({**body, "body": row["body"], "hash": row["hash"], **of})
        self.acts = [row for row in self.journal if row["kind"] == "act"]  # no refusals, no looks
        self.rule = {name: rule["value"] for name, rule in self.x["pack"].get("parameters", {}).items()}
        self.stages = [stage["code"] for stage in self.x["pack"].get("stages", ())]
        self.history: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for spec, status in MOVES:
            with self.about("journal.jsonl", spec, "L1"):
                self.history |= {s["entry"]: sorted([*self.history[s["entry"]], (s["seq"], status)]) for s in self.told(spec)}
    @contextmanager
    def about(self, file: str, record: Json, duty: str) -> Any:
        """Everything inside is about one record; one that cannot be read is a fault and no crash."""
        def need(what: str, found: Json, right: Json = True, its: str = "") -> None:
            self.count += 1
            if not (found if right is True else found == right):
                text = what + (f"应为 {right!s:.200}，档案为 {found!s:.200}" if right is not True else "")
                self.faults.append({"duty": its or duty, "file": file, "record": f"{record!s:.100}", "text": text})
        try:
            yield need
        except Exception as error:  # noqa: BLE001 - whatever a hostile file may raise
            need(f"内容缺失、矛盾或格式不符，无法核验（{type(error).__name__}：{error!s:.120}）", False)
    def prove(self, name: str) -> Json:  # one proof: its title, how many statements were tested, and the faults
        method, self.count, self.faults = getattr(self, name), 0, []
        for row in self.x[name] if name in LISTS else [{}]:
            label = " ".join(str(row[k]) for k in dict.fromkeys(["entry", *LISTS.get(name, ())]) if k in row)
            duty = DUTY.get(str(row.get("kind", row.get("round", row.get("ground")))), method.__doc__[:2])
            with self.about(f"{name}.json" if name in LISTS else "档案", label or "全部", duty) as need:
                method(*([row, need] if name in LISTS else []))
        return {"title": method.__doc__, "count": self.count, "faults": self.faults}
    @cache  # noqa: B019 - one dossier a run
    def told(self, spec: str) -> list[Json]:
        """What acts say: subject, payload, act, seq, at, role; one for each row of a list or object within the payload."""
        (name, _, part), found = spec.partition("/"), []
        for act in (act for act in self.acts if name in ("*", act["act"])):
            named = {act["of"][0]: act["of"][2], "round": {"review": "material", "sitevisit": "site"}.get(act["act"].split(".")[0])}
            said = named | act["payload"] | {k: act[k] for k in ("act", "seq", "at", "role", "unit", "payload")}
            if name == "*" and {"notice", "kind", "posted", "head"} <= said.keys():
                found.append(said | {"digest": said.get("notice_digest", said["digest"])})
            elif name != "*":
                rows: Json = said.get(part, []) if part else [{}]
                rows = [{"entry": k, part[:-1]: v} for k, v in rows.items()] if isinstance(rows, dict) else rows
                found += [said | (row if isinstance(row, dict) else {"entry": row}) for row in rows]
        return found
    def stood(self, entry: str, seq: int, stage: str) -> bool:  # whether the entry stood at the stage when an act was done
        entering = ["draft", *(PASS[s] for s in self.stages[: self.stages.index(stage)] if s in PASS)][-1]
        return bool(["draft", *(status for at, status in self.history[entry] if at < seq)][-1] == entering)
    def find(self, name: str, **values: Json) -> list[Json]:  # the records of a list with these values
        return [row for row in self.x[name] if all(row.get(k) == v for k, v in values.items())]
    @cache  # noqa: B019
    def entry(self, code: str) -> Json:  # an entry with its award and how it is scored: items (code → points, chapter), full mark
        (row,), pack = self.find("entries", entry=code), self.x["pack"]
        award = next(award for award in pack["awards"] if award["code"] == row["award"])
        criteria = {category["code"]: category["criteria"] for category in award["categories"]}[row["category"]]
        scheme = next(scheme for scheme in pack["criteria"]["schemes"] if scheme["code"] == criteria)
        items = {i["code"]: (number(i["points"]), s["code"]) for s in scheme["sections"] for i in s["items"]}
        return row | {"rules": award, "items": items, "percent": scheme["method"] == "percentage", "full": number(scheme["full_mark"])}
    def files(self) -> None:
        """L3 每个文件均在清单之列，未被改动"""
        manifest = self.x["manifest"]
        with self.about("manifest.json", "清单", "L3") as need:
            need("版本和日志链头", [manifest["format"], manifest["journal"]], [FORMAT, "{chain}#{seq}#{hash}".format(**self.journal[-1])])
            need("导出时间早于日志末条", moment(manifest["exported_at"]) > self.journal[-1]["time"] - SLACK)
        for name in sorted({*manifest.get("files", ()), *self.raw, *NEEDED} - {"manifest.json", "draws.json"}):
            with self.about(name, "文件", "L3") as need:
                listed = {"size": len(self.raw[name]), "sha256": sha256(self.raw[name])}
                need("大小和摘要与清单不符", manifest["files"][name] == listed)
                own = {"README.md": README, "verify.py": sha256(Path(__file__).read_bytes())}.get(name, listed["sha256"])
                need("与本核验程序所属版本不同，请用可信来源的核验程序", listed["sha256"] == own)
    def rules(self) -> None:
        """A1 规则为启动时锁定的版本，工作日历完整"""
        with self.about("pack.json", "规则包", "A1") as need:
            (call,) = (said["payload"] | {"pinned_at": said["at"]} for said in self.told("call.issue"))
            need("规则包摘要", sha256(self.raw["pack.json"]), call["digest"])
            need("细则文本与规则包不同", self.raw["regulation.md"].decode() == self.x["pack"]["text"])
            need("申报起止和规则锁定时间与日志不符", all(near(self.x["cycle"][k], call[k]) for k in ("opens_on", "deadline", "pinned_at")))
        for year, plan in self.x["calendar"].items():
            with self.about("calendar.json", year, "L2") as need:
                need("工作日历内容与其摘要不符", plan["digest"] == sha256([plan["holidays"], plan["workdays"]]))
    def chain(self) -> None:
        """L3 操作日志未被增删改，历次公布的链头均在其中"""
        hashes, last, chain = {0: "0" * 64}, 0, f"cycle:{self.x['cycle'].get('code')}"
        for place, row in enumerate(self.journal, 1):
            with self.about("journal.jsonl", f"第 {place} 条", "L3") as need:
                hashes[place] = row["hash"]
                need("内容与其摘要不符，已被改动", (sm3 if row["alg"] == "sm3" else sha256)(row["body"].encode()) == row["hash"])
                need("与上一条脱节，有记录被增删改", (row["chain"], row["seq"], row["prev"]) == (chain, place, hashes[place - 1]))
                need("时间次序有误", row["at"][-6:] == "+08:00" and row["time"] > self.journal[max(place - 2, 0)]["time"] - SLACK)
        for head in [*(row["head"] for row in self.x["notices"]), *self.heads]:
            with self.about("notices.json", head, "L3") as need:
                last = max(last, place := int(head.split("#")[1]))
                need("已公布的链头在日志中不存在，日志被改写或截断", head == f"{chain}#{place}#{hashes.get(place)}")
        self.note = f"已公布的链头至第 {last} 条，日志共 {len(self.journal)} 条，其后部分可用 --head 与另行公布的链头核对"
    def bound(self) -> None:
        """L1 每条记录均由日志所载的操作形成，每项操作均有记录"""
        for duty, name, _, *acts in BOUND:
            told, rows = defaultdict[str, Json](dict), dict[str, Json]()
            for one, spec in [(said, act) for act in acts for said in self.told(act)] + [(row, "") for row in self.x[name]]:
                with self.about(f"{name}.json", spec or "全部", duty) as need:
                    if spec or one["at"] or name != "seats":  # a seat that was never vacated is proved by its draw
                        record = " ".join(str(one[k]) for k in LISTS[name])
                        need(f"{record} 重复", spec or record not in rows)
                        (told[record] if spec else rows)[spec or record] = one
            for record in sorted(told.keys() | rows.keys()):
                with self.about(f"{name}.json", record, duty) as need:
                    row, by = rows.get(record, {"at": {}}), told[record]
                    if row.get("kind") != "revocation_notice" or by:  # whose act is the revocation
                        need("形成该记录的操作（依日志）", sorted(row["at"] or ["无"]), sorted(by))
                    need("时间与日志不符", all(near(at, by[act]["at"]) for act, at in row["at"].items() if act in by))
                    merged = {k: v for said in sorted(by.values(), key=lambda said: said["seq"]) for k, v in said.items()}
                    for k in (row.keys() & merged.keys()) - {"at", "category"}:
                        need(f"{k}（依日志）", row[k], merged[k])
    def way(self) -> None:
        """L1 各项操作依次进行，每个申报的类别和状态由日志推出"""
        running, done = {n["notice"] for n in self.x["notices"] if n["days"]}, set[str]()
        for act in self.acts:
            with self.about("journal.jsonl", f"第 {act['seq']} 条 {act['act']}", (act["duties"] or ["L1"])[0]) as need:
                notice, entry, new = act["payload"].get("notice"), act["payload"].get("entry", act["of"][2]), "posted" in act["payload"]
                for sign, other in ((sign, other) for name, sign, other in AFTER if name == act["act"]):
                    need(f"不在 {other} 之后", f"{other} {act['subject']}" in done if sign == ">" else self.stood(entry, act["seq"], other))
                running -= {notice} if act["act"] == "publicity.close" else set()
                need(f"所依据的公示 {notice} 尚未结束", new or notice not in running or act["act"][:10] == "publicity.")
                need("申报截止后提交", act["act"] != "application.submit" or act["time"] <= moment(self.x["cycle"]["deadline"]), its="D1")
                done.add(f"{act['act']} {act['subject']}")
        published = {i["code"]: [i["name"], i["city"]] for n in self.x["notices"] for i in n["items"] if "code" in i}
        drawn = {x["code"]: x["industry"] for draw in self.x["draws"] for panel in draw["frozen"]["panels"] for x in panel["entries"]}
        handed = next((said["at"] for said in self.told("review.hand_over")), "")
        for row in self.x["entries"]:
            with self.about("entries.json", row["entry"], "L1") as need:
                known = [*published.get(row["entry"], ["（未公开）", ""]), drawn.get(row["entry"], "")]
                need("名称、所在市和行业（依公示和抽取）", [row["name"], row["city"], row["industry"]], known)
                steps, path = [status for _, status in self.history[row["entry"]]], [PASS[stage] for stage in self.stages if stage in PASS]
                said = self.told("application.open") + self.told("application.correct_category")
                named = [s for s in said if s["entry"] == row["entry"]][-1]
                need("类别和状态", [row["category"], row["status"]], [named.get("now", named["category"]), ["draft", *steps][-1]])
                for last in self.of("results", row, "material", handed)[-1:] if "withdrawn" not in steps else ():
                    need("材料评审达标与否与其去向不符", last["passed"] != ("below_material" in steps), its="F3")
                passed = [s for i, s in enumerate(steps) if s in path and s not in steps[i + 1 :]]
                over = {*steps[:-1]} - {*path, "draft", "below_material" if steps[-1:] == ["withdrawn"] else ""}
                need("未依程序逐个阶段办理，或程序终结后又有变动", passed == path[: len(passed)] and not over)
    def notices(self, row: Json, need: Json) -> None:
        """L2 公示期限按工作日重新推算，未提前结束，异议均已办结；公示内容未变（D4、E2、F5、J1、J2）"""
        need("公示内容与其摘要不符", row["digest"] == sha256({k: row[k] for k in ("title", "body", "items")}))
        if row["days"]:
            off, on = ({day for plan in self.x["calendar"].values() for day in plan[kind]} for kind in ("holidays", "workdays"))
            end, left = date.fromisoformat(row["posted"][:10]) - timedelta(days=self.rule["posting_day_counts"]), row["days"]
            while left > 0:  # to the last working day; KeyError where the calendar does not reach
                end += timedelta(days=1)
                left -= bool(self.x["calendar"][str(end.year)]) and (str(end) in on or (end.weekday() < 5 and str(end) not in off))
            need("公示截止日", row["ends_on"], str(end))
            need("公示期少于规定，或未满即结束", row["days"] >= self.rule["publicity_days"] and made(row, "publicity.close") > f"{end}T24")
            for objection in self.find("objections", notice=row["notice"], formal=True) if "publicity.close" in row["at"] else ():
                need(f"异议 {objection['objection']} 未办结", made(objection, "publicity.answer") <= made(row, "publicity.close"), its="J2")
    def barred(self, expert: Json, entry: Json, on: str, site: bool) -> bool:
        """Whether the expert may not judge the entry: oneself, employer or client of late, kin, recused, same city, of its first round."""
        years, city = self.rule["conflict_years"], self.rule.get("same_city_barred") and "" != expert["city"] == entry["city"]
        late = [who for who, until in expert["employers"] + expert["consulted"] if not until or on <= plus_years(until, years)]
        house, mine = ({home(x.get(k, "")) for k in ("code", "employer", "credit_code", "group_code")} - {""} for x in (entry, expert))
        tied = house & {*mine, *map(home, [*late, *expert["kin_of"], *expert["declared"]])}
        again = site and self.rule["separate_site_experts"] and expert["code"] in entry["earlier_scorers"]
        return bool(tied or again or city or expert["code"] in entry["requested_out"] or "" != entry["applicant_key"] == expert["name_key"])
    def place(self, sources: list[str], step: int, among: int) -> int:  # which of so many places the sources draw: RFC 3797
        parts = ["".join(f"{n}." for n in sorted(map(int, w))) if all(x.isdecimal() for x in w) else w[0].upper() if "." not in w[0]
                 else f"{int(w[0].split('.')[0])}.{w[0].split('.')[1].rstrip('0')}" for w in (s.replace(",", " ").split() for s in sources)]
        data = b"".join([step.to_bytes(2, "big"), *(f"{part}/".encode() for part in parts), step.to_bytes(2, "big")])
        return int((sm3 if self.rule.get("draw_digest") == "sm3" else sha256)(data), 16) % among + 1
    def lawful(self, frozen: Json, short: Json, out: set[tuple[str, str]], seating: dict[str, list[str]]) -> bool:
        pool, load = {x["code"]: x for x in frozen["pool"]}, Counter(e for members in seating.values() for e in members)
        for code, spec in ((spec["code"], spec) for spec in frozen["panels"]):
            fit = {e: all(set(spec[k]) & set(pool[e][k]) for k in ("industries", "categories") if spec[k]) for e in seating[code]}
            members = [pool[e] | {"field": own} | {f"criteria:{c}": True for c in pool[e]["criteria"]} for e, own in fit.items()]
            names = [key for x in members for key in {f"{k} {home(x[k])}" for k in ("employer", "credit_code") if x[k].strip()}]
            enough = all(sum(x.get(k, False) for x in members) >= least - short.get((code, k), 0) for k, least in spec["least"].items())
            alone = len(names) == len({*names}) or not frozen["one_per_employer"]
            if not (len(fit) == len(seating[code]) == spec["size"] and enough and alone) or out & {(c, e) for c in ("", code) for e in fit}:
                return False
        return len(seating) == len(frozen["panels"]) and all(n + pool[e]["load"] <= frozen["max_load"] for e, n in load.items())
    def draws(self, row: Json, need: Json) -> None:
        """F1 抽取重演：排除、每张签、入选机会、承诺、签号、组长、席位、递补（F1、G1、K7）"""
        frozen, lottery, site, mine = row["frozen"], row["lottery"], row["round"] == "site", {k: row[k] for k in ("round", "version")}
        pool, specs = ({x["code"]: x for x in frozen[k]} for k in ("pool", "panels"))
        need("冻结名单与其摘要不符", row["pool_digest"] == sha256(frozen) and mine.items() <= frozen.items())
        out, again = {(x[0], x[1]) for x in frozen["excluded"]}, f"-v{row['version']}" * (row["version"] > 1)
        barred = {(c, e) for c, s in specs.items() for e, x in pool.items() for y in s["entries"] if self.barred(x, y, frozen["on"], site)}
        need("应当回避的专家与排除名单不符", {x for x in barred if ("", x[1]) not in out} == {x for x in out if x[0]}, its="K7")
        told = {x: [s for s in self.told("panel." + x) if mine.items() <= s.items()] for x in ("commit_seed", "publish_lottery", "draw")}
        known = [pair for c in (*(d["commitments"] for d in row["discarded"]), row["seed_commitments"]) for pair in c.items()]
        need("各方事先提交的种子承诺", sorted(known), sorted((s["role"], s["commitment"]) for s in told["commit_seed"]))
        if not lottery and not told["publish_lottery"]:
            return
        need("公布的抽签方案摘要", [row["lottery_digest"], lottery["frozen"]], [sha256(lottery), row["pool_digest"]])
        need("日志所载抽签方案摘要", [s["lottery_digest"] for s in told["publish_lottery"]], [row["lottery_digest"]])
        codes, short = lottery["experts"], {(p, k): by for p, k, by in lottery["short"]}
        tickets = [{p: [codes[i] for i in m] for p, m in zip(lottery["panels"], t, strict=True)} for t in lottery["tickets"]]
        need("不合要求的签", [i for i, t in enumerate(tickets, 1) if not self.lawful(frozen, short, out, t)][:5], [])
        need("入选机会", lottery["chances"], dict.fromkeys(codes, 0) | Counter(e for t in tickets for e in set().union(*t.values())))
        if "panel.draw" not in row["at"]:
            return
        seeds, balls, sources, public = row["seeds"], row["method"] == "balls", row["sources"], [*filter(None, [row["public_number"]])]
        need("种子与承诺不符", balls or {r: sha256(n.encode()) for r, n in seeds.items()} == row["seed_commitments"])
        need("随机数来源", sources, [seeds[r] for r in sorted(seeds)][: 1 if balls else None] + public)
        need("抽中的签", row["ticket"], int(sources[0]) or len(tickets) if balls else self.place(sources, 0, len(tickets)))
        for step, (code, chosen) in enumerate(sorted(tickets[row["ticket"] - 1].items()), 1):
            with self.about(f"draws/{row['round']}-{row['version']}.json", f"专家组 {code}", "G1" if site else "F1") as says:
                able = [e for e in sorted(chosen) if pool[e]["leader"] and specs[code]["least"].get("leader")]
                led = able[self.place(sources, step, len(able)) - 1] if able and self.rule.get("leader_by") != "named" else ""
                says("组长", [row["leaders"], row["leaders"].get(code, "")], [told["draw"][0]["leaders"], led], "G1")
                panel = {"panel": code + again, "round": row["round"]}
                new = [s for act in ("panel.replace", "panel.answer/replaced") for s in self.told(act) if panel.items() <= s.items()]
                ok = [sum(f.items() <= s.items() for s in new) for f in row["followed"] if f["panel"] == code + again] == [1] * len(new)
                says("席位", [sorted(x["expert"] for x in self.find("seats", **panel)), ok], [sorted(chosen + [s["in"] for s in new]), 1])
                says("所评申报", sorted(self.find("panels", **panel)[0]["entries"]), sorted(x["code"] for x in specs[code]["entries"]))
                for s in new:
                    end = reduce(lambda link, _: sha256(link.encode()), range(s["number"]), s["link"]) == row["chain_end"]
                    says("递补所用的种子不在事先公布的链上", end, its="K7")
                    says("递补的专家", s["in"], s["among"][self.place([*sources, s["link"]], 0, len(s["among"])) - 1], "K7")
                    says("递补的专家应当回避", not out & {(c, e) for c in ("", code) for e in s["among"]}, its="K7")
    def score(self, entry: Json, marks: dict[str, Fraction]) -> dict[str, Fraction]:  # chapter → its points; the total under ""
        each = {i: points * marks[i] / 100 if entry["percent"] else marks[i] for i, (points, _) in entry["items"].items()}
        keys = {"", *(chapter for _, chapter in entry["items"].values())}
        return {key: sum((points for i, points in each.items() if key in ("", entry["items"][i][1])), Fraction()) for key in keys}
    def of(self, name: str, row: Json, phase: str, at: str) -> list[Json]:  # sheets that stand, consensuses or results at a time
        mine = (x for x in self.find(name, entry=row["entry"], round=phase) if made(x) <= at < made(x, "review.void_sheet"))
        return sorted(mine, key=lambda x: x.get("version", 0))
    def sheets(self, row: Json, need: Json) -> None:
        """F2 评分表由在组专家按规定档次评定，合计和摘要无误（F2、G3）"""
        entry, marks = self.entry(row["entry"]), {i: number(m) for i, m in row["marks"].items()}
        need("摘要与评分不符", row["sheet_digest"] == sha256({k: row[k] for k in ("entry", "expert", "round", "marks")}))
        step = number(self.rule["percentage_step" if entry["percent"] else "point_step"])
        lawful = all(0 <= m <= (100 if entry["percent"] else entry["items"][i][0]) and m % step == 0 for i, m in marks.items())
        need("评分不在规定的档次上，或条款不全", lawful and marks.keys() == entry["items"].keys())
        need("总分", number(row["total"]), self.score(entry, marks)[""])
        (seat,), (panel,) = (self.find(name, panel=row["panel"], round=row["round"], **more) for name, more in
                             (("seats", {"expert": row["expert"]}), ("panels", {})))
        need("评分人不是该申报的在组专家", made(row) <= (made(seat) or "9") and row["entry"] in panel["entries"], its="K7")
    def results(self, row: Json, need: Json) -> None:
        """F3 得分由有效评分表和合议结果重新计算，与分数线比较（F2、F3、G3）"""
        entry, site, at, marks = self.entry(row["entry"]), row["round"] == "site", made(row), dict[str, Fraction]()
        live, over = self.of("sheets", row, row["round"], at), "review.void_sheet/results" in row["at"]  # over: computed after the round
        need("所依据的评分表", sorted(row["sheets"]), sorted(s["sheet_digest"] for s in live))
        agreed = [c["marks"] for c in self.of("consensus", row, row["round"], at)[-1:] if sorted(c["sheets"]) == sorted(row["sheets"])]
        seats = sum("out" not in seat for seat in self.find("seats", panel=live[0]["panel"], round=row["round"]))
        need("评分表少于专家组席位", over or len(live) >= seats)  # what was handed in before a seat was handed on stands for the seat
        totals, most = sorted(number(s["total"]) for s in live), self.rule["consensus_item_spread"]
        wide = site or totals[-1] - totals[0] > number(self.rule["consensus_total_spread"]) * entry["full"] / 100
        for item, (points, _) in entry["items"].items():
            column, n = sorted(number(s["marks"][item]) for s in live), len(live)
            wide = wide or (column[-1] - column[0]) * (1 if entry["percent"] else 100 / points) > most
            ways = {"median": column[(n - 1) // 2 : n // 2 + 1], "trimmed_mean": column[n >= 5 : n - (n >= 5)]}
            kept = [number(agreed[0][item])] if agreed else ways.get(self.rule["material_aggregation"], column)
            marks[item] = sum(kept, Fraction()) / len(kept)
        need("评分差异超过规定，或为现场评审，而未经合议", agreed or over or not wide)
        need("各条款得分", {i: number(m) for i, m in row["marks"].items()}, marks)
        need("各章得分和总分", {k: number(m) for k, m in {"": row["total"], **row["sections"]}.items()}, sums := self.score(entry, marks))
        need("达标与否", row["passed"], None if site else sums[""] >= number(entry["rules"]["material_threshold"]["value"]), "F3")
    def survey(self, row: Json, need: Json) -> None:
        """F5 公众满意度得分重新计算（F5、H2）"""
        weights = {k: number(w) for k, w in self.rule["survey_weights"].items() if w is not None}
        valid, full = sum((row["counts"] or {}).get(k, 0) for k in weights), self.entry(row["entry"])["rules"]["survey_full"]["value"]
        few = valid < max(self.rule["survey_min_valid"], 1)
        if "survey.close/polls" in row["at"] and not (few and "survey.decide_few" in row["at"]):
            score = None if few else sum(w * row["counts"].get(k, 0) for k, w in weights.items()) / valid * number(full)
            need("满意度得分", row["score"] and number(row["score"]), score, "H2")
    def finals(self, row: Json, need: Json) -> None:
        """H1 最终得分由各部分重新计算，加分只计一次（H1、H2）"""
        award, earned, day = self.entry(row["entry"])["rules"], False, self.x["cycle"]["deadline"][:10]
        for claim in self.find("bonus", entry=row["entry"], verified=True):
            (years,), start = (k["years"] for k in award["bonus"]["kinds"] if k["code"] == claim["kind"]), claim["granted_on"] or ""
            last = claim["valid_until"] or "" if years is None else start and plus_years(start, years)
            earned = earned or start <= day <= last
        asked = next((number(p["score"]) for p in self.find("survey", entry=row["entry"]) if p["score"]), None)
        parts: Json = {"bonus": number(award["bonus"]["points"]) if earned else 0, "survey": asked, "material": None, "site": None}
        for last in self.of("results", row, "material", made(row))[-1:] + self.of("results", row, "site", made(row))[-1:]:
            parts[last["round"]], live = number(last["total"]), self.of("sheets", row, last["round"], made(row))
            need("评分表作废后未重新计算", sorted(last["sheets"]) == sorted(s["sheet_digest"] for s in live), its="K7")
        need("各部分得分", {k: row[k] and number(row[k]) for k in parts}, parts)
        total = sum(number(share) * (parts[k] or 0) for k, share in award["weights"]["value"].items()) + parts["bonus"]
        need("最终得分", number(row["total"]), total + (asked or 0 if number(award["survey_full"]["value"]) else 0))
    def candidates(self, row: Json, need: Json) -> None:
        """H3 排序、并列和候选名单重新推定"""
        (act,) = (said for said in self.told("nomination.settle_candidates") if said["version"] == row["version"])
        keys, at, awards, ranked, chosen = dict[str, Json](), made(row), self.x["pack"]["awards"], list[Json](), set[str]()
        for final in sorted((f for f in self.x["finals"] if made(f) <= at), key=lambda f: (f["entry"], f["version"])):
            if final["entry"] not in act["no_longer_eligible"] and self.stood(final["entry"], act["seq"], "nomination"):
                last = (self.of("results", final, "site", at) or self.of("results", final, "material", at))[-1]["sections"]
                parts = final | {f"section:{chapter}": points for chapter, points in last.items()}
                breakers = self.entry(final["entry"])["rules"]["tie_breakers"]["value"]
                keys[final["entry"]] = [number(parts.get(k) or -1) for k in ("total", *breakers)]
        for award in awards:
            own = sorted((c for c in keys if self.entry(c)["award"] == award["code"]), key=lambda c: keys[c], reverse=True)
            same = {c: [other for other in own if keys[other] == keys[c]] for c in own}
            for c, n in ((c, len(same[c])) for c in own):
                ranked.append({"entry": c, "award": award["code"], "place": own.index(same[c][0]) + 1, "tied": n > 1, "total": keys[c][0]})
        need("排序", [r | {"total": number(r["total"])} for r in row["ranked"]], ranked)
        for pool in [awards] if self.rule["quota_pooled"] else [[award] for award in awards]:
            free, levels = sum(award["quota"]["value"] for award in pool), defaultdict[Json, list[str]](list)
            for code, award in ((c, self.entry(c)["rules"]) for c in keys if self.entry(c)["rules"] in pool):
                mark, (final, *rest) = number(award["full_mark"]), keys[code]
                full = mark * sum(map(number, award["weights"]["value"].values())) + number(award["survey_full"]["value"])
                shares = [final / full, *(k / mark if k >= 0 else k for k in rest)]  # where awards share a quota, as their scales differ
                shares += [Fraction(-1)] * (max(len(a["tie_breakers"]["value"]) for a in pool) - len(rest))
                if final >= number(award["final_threshold"]["value"]):
                    levels[tuple(shares if len(pool) > 1 else keys[code])].append(code)
            for _, group in sorted(levels.items(), reverse=True):
                order = [c for c in dict.fromkeys(row["office_order"]) if c in group][: max(free, 0)]
                chosen |= {*(group if len(group) <= free else order)}
                free -= len(group)
        need("授奖候选名单", row["chosen"], [r["entry"] for r in ranked if r["entry"] in chosen])
    def motions(self, row: Json, need: Json) -> None:
        """I2 法定人数、票箱、计票和三分之二重新核算（I1、I2）"""
        (opened,), (meeting,) = ([s for s in self.told(f"committee.{act}") if s[key] == row[key]]
                                 for act, key in (("open_ballot", "motion"), ("convene", "meeting")))
        need("委员总数", meeting["members"], sum(s["seq"] < meeting["seq"] for s in self.told("committee.appoint")), "I1")
        seats = sorted(s["seat"] for s in self.told("committee.sign_in") if s["meeting"] == row["meeting"] and s["seq"] < opened["seq"])
        need("出席委员", [row["present"], sorted(row["entitled"] + row["recused"])], [len(seats), seats], "I1")
        need("出席未达法定人数", row["present"] >= meeting["members"] * number(self.rule["quorum"]), its="I1")
        if "committee.close_ballot" in row["at"]:
            box = sorted(self.find("ballots", motion=row["motion"]), key=lambda b: b["token"])
            fields = ("token", "choice") if self.rule["ballot"] == "secret" else ("token", "choice", "seat")
            need("选票与封存的票箱摘要不符", row["box"] == sha256([[ballot[k] for k in fields] for ballot in box]))
            cast = [s["seat"] for s in self.told("committee.cast") if s["motion"] == row["motion"]]
            need("投票人数与票数不符，或有无权表决的委员投票", len({*cast} & {*row["entitled"]}) == len(cast) == len(box))
            count, entitled = Counter(ballot["choice"] for ballot in box), len(row["entitled"])
            needed = -(-entitled * number(self.rule["majority"]) // 1)
            tally = {"missing": entitled - len(box), "attending": entitled, "needed": needed, "passed": count["yes"] >= needed}
            need("计票", row["tally"], tally | {k: count[k] for k in ("yes", "no", "abstain")})
    def winners(self) -> None:
        """J1 候选、表决、授奖建议、取消、批准、获奖、证书前后一致（I2、J1、J2、J3）"""
        lists, proposed = [c["chosen"] for c in self.x["candidates"] if "nomination.submit_report" in c["at"]], set[str]()
        notices = self.find("notices", kind="proposed_winners")
        upheld = {o["entry"] for n in notices for o in self.find("objections", notice=n["notice"], upheld=True)} - {""}
        upheld |= {said["entry"] for said in self.told("commendation.cancel") if said.get("no_longer_eligible")}
        cancelled, won = ({c["entry"] for c in self.x[name]} for name in ("cancellations", "certificates"))
        for meeting in self.x["meetings"]:
            with self.about("meetings.json", meeting["meeting"], "I2") as need:
                signed = [s["seat"] for s in self.told("committee.sign_in") if s["meeting"] == meeting["meeting"]]
                need("签到席位", meeting["seats"], sorted(signed), "I1")
                if "committee.resolve" in meeting["at"]:
                    motions = {m["entry"]: m["tally"]["passed"] for m in self.find("motions", meeting=meeting["meeting"])}
                    need("付表决的候选对象", sorted(motions), sorted(lists[-1] if lists else motions))
                    need("授奖建议名单", sorted(meeting["proposed"]), sorted(e for e, passed in motions.items() if passed))
                    proposed |= {*meeting["proposed"]}
        with self.about("approval.json", "获奖名单", "J2") as need:
            for row in self.x["approval"]:
                need("取消资格者（异议属实或不再符合条件者）", sorted(cancelled), sorted(upheld))
                need("批准名单", sorted(row["entries"]), sorted(proposed - cancelled if "committee" in self.stages else row["entries"]))
                need("证书", sorted(won), sorted(row["entries"]) if won else [], "J3")
            need("获奖名单", {e["entry"] for e in self.x["entries"] if e["status"] in ("awarded", "revoked")}, won, "J3")
            need("奖金账目有未获奖者", {line["entry"] for line in self.x["ledger"]} <= won, its="J3")
    def certificates(self, row: Json, need: Json) -> None:
        """J3 奖金和证书：应发、已发、追缴、收回（J3、K2、Q35）"""
        code, prize = row["entry"], self.entry(row["entry"])["rules"]["prize"]["value"]
        gone = next((r["decided_on"] for r in self.find("revocations", entry=code) if r["decided_on"]), None)
        paid = [[s["amount"], s["on"]] for s in self.told("commendation.pay") if s["entry"] == code]
        back = [(s["amount"], s["at"][:10], s["certificate"]) for s in self.told("supervision.recover") if s["entry"] == code]
        total, money = sum(amount for amount, _ in paid), {"awarded": [[prize, made(row)]] if prize else [], "paid": paid}
        money |= {"recall": [[total, gone]] if gone and paid else [], "recovered": [[amount, on] for amount, on, _ in back if amount]}
        for kind, lines in money.items():
            found = [[line["amount"], line["on"]] for line in self.find("ledger", entry=code, kind=kind)]
            need(f"{kind} 的金额和日期", sorted(found), sorted(lines), "J3" if kind in ("awarded", "paid") else "K2")
        need("取消和收回日期", [row["revoked_on"], row["recovered_on"]], [gone, next((on for _, on, taken in back if taken), None)], "K2")
        need("奖金超发或超额追缴", total <= prize and sum(amount for amount, *_ in back) <= total)
    def bans(self, row: Json, need: Json) -> None:
        """K1 不予受理申报的年限"""
        need("届满日", row["until"], plus_years(row["from"], self.rule["false_material_ban_years"]))
    def revocations(self, row: Json, need: Json) -> None:
        """K2 取消奖励的期限（K2、K3）"""
        won, on = self.x["approval"][0]["approved_on"], row["event_on"] if row["ground"] == "event" and row["decided_on"] else None
        need("事件不在获奖之日起的规定年限内", not on or won <= on <= plus_years(won, self.rule["revocation_window_years"]))
        until = plus_years(row["decided_on"], self.rule["deceit_ban_years"]) if row["ground"] == "deceit" else None
        need("届满日", row["ban_until"], until)

def main() -> int:  # runs all proofs and prints what they found; 0 when everything is proved
    options = argparse.ArgumentParser(description="核验评审档案")
    options.add_argument("dossier", nargs="?", type=Path, default=Path(__file__).parent, help="dossier.zip 或解压后的文件夹")
    options.add_argument("--head", action="append", default=[], help="另行公布的日志链头")
    options.add_argument("--json", action="store_true", help="以 JSON 输出")
    given = options.parse_args()
    report: list[Json] = [{"title": "L3 文件均可读取", "count": 1, "faults": []}]
    try:
        proof = Proof(given.dossier, given.head)
        report[0]["faults"] += proof.faults
        report += [proof.prove(name) for name in PROOFS.split()] + [{"title": f"L3 {proof.note}", "count": 0, "faults": []}]
    except Exception as error:  # noqa: BLE001
        report[0]["faults"].append({"duty": "L3", "file": given.dossier.name, "record": "档案", "text": f"不能读取：{error!s:.300}"})
    ok = not any(step["faults"] for step in report)
    for step in [] if given.json else report:
        print(f"[{'不符' if step['faults'] else '通过'}] {step['title']}：核对 {step['count']} 项，不符 {len(step['faults'])} 项")
        print("".join("       {duty} {file} {record}：{text}\n".format(**fault) for fault in step["faults"][:50]), end="")
    print(json.dumps({"ok": ok, "checks": report}, ensure_ascii=False) if given.json else f"结论：{'全部无误' if ok else '有不符之处'}")
    return 0 if ok else 1

if __name__ == "__main__":
    raise SystemExit(main())
