"""The parts of an entry: each shows just the rows that the one permission function gives, and only to who is in the table (T1, T2)."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db.models import Q

from tests.stages.playing import Played, played
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process import parts, reach
from zhiheng.process.parts import Part, Sight
from zhiheng.process.register import panel
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Seat


def pks(rows: Iterable[Any] | None) -> list[int]:
    return sorted(row.pk for row in rows or ())


class Seen(Played):
    stop = Stage.SUPERVISION

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(cls.stop, orgs=8, persons=3, experts=40, members=5, objections=True, failing=True, late_recusal=True)

    @property
    def actors(self) -> list[Acting]:
        found: dict[tuple[Role, str], Acting] = {}
        for who in [*self.world.people.values(), *self.world.owners.values()]:
            found.setdefault((who.role, who.code), who)
        return [who for role in Role for who in [one for one in found.values() if one.role == role][:5]]

    def sights(self) -> list[Sight]:
        return [parts.look_at(who, entry.code) for who in self.actors for entry in reach.entries(who)]


@pytest.mark.duty("L1")
class TestParts(Seen):
    def test_each_part_shows_what_may_be_reached(self) -> None:
        seen = 0
        for sight in self.sights():
            who, entry = sight.acting, sight.entry
            judged, scores, won, after = parts.sheets(sight), parts.results(sight), parts.honours(sight), parts.supervision(sight)
            shown = {
                "sheets": pks(judged.sheets if judged else ()),
                "consensuses": pks(judged.consensuses if judged else ()),
                "reports": pks(judged.reports if judged else ()),
                "ledger": pks(won.ledger if won else ()),
                "use_reports": pks(row for _, row in won.uses) if won else [],
                "promotions": pks(won.promotions if won else ()),
                "findings": pks(after.findings if after else ()),
                "misuse_reports": pks(after.misuses if after else ()),
                "change_reports": pks(after.changes if after else ()),
                "revisits": pks(after.revisits if after else ()),
            }
            for name, found in shown.items():
                allowed = getattr(reach, name)(who).filter(entry=entry)
                assert found == ([] if sight.barred else pks(allowed)), (who.role, entry.code, name)
                seen += len(found)
            assert pks(parts.conflicts(sight)) == pks(reach.conflicts(who).filter(entry=entry))
            if scores:
                assert {row.pk for _, row in scores.rounds} <= set(pks(reach.results(who).filter(entry=entry)))
                assert scores.final is None or scores.final.pk in pks(reach.finals(who).filter(entry=entry))
            elif not sight.barred:
                assert not reach.results(who).filter(entry=entry).exists()
            closed = reach.motions(who).filter(entry=entry, closed_at__isnull=False)
            assert pks(parts.ballots(sight)) == ([] if sight.barred else pks(closed)), who.role
            about = reach.objections(who).filter(entry=entry.code)
            assert pks(parts.objections(sight)) == ([] if sight.barred else pks(about)), who.role
            opened = {paper.evidence.pk for proof in parts.documents(sight) or () for paper in proof.papers if paper.open}
            assert sorted(opened) == pks(reach.evidence(who).filter(entry=entry)), who.role
        assert seen > 100

    def test_the_table_is_what_the_parts_do(self) -> None:
        """Nobody outside a part's row of the table gets it; what the table calls theirs is nobody's by mistake."""
        found: dict[Part, set[Role]] = {part: set() for part in Part}
        for sight in self.sights():
            given = {
                Part.FORM: parts.form(sight), Part.DOCUMENTS: parts.documents(sight), Part.RECOMMENDATION: parts.recommendation(sight),
                Part.QUALIFICATION: parts.qualification(sight), Part.NOTICES: parts.notices(sight), Part.OBJECTIONS: parts.objections(sight),
                Part.SHEETS: parts.sheets(sight), Part.RESULTS: parts.results(sight), Part.FEEDBACK: parts.feedback(sight),
                Part.VISIT: parts.visit(sight), Part.BALLOTS: parts.ballots(sight), Part.HONOURS: parts.honours(sight),
                Part.SUPERVISION: parts.supervision(sight), Part.CONFLICTS: parts.conflicts(sight), Part.HISTORY: parts.history(sight),
            }  # fmt: skip
            for part, value in given.items():
                if value:
                    found[part].add(sight.acting.role)
        for row in parts.table(Role.OFFICE):
            allowed = {role for role in Role if next(r for r in parts.table(role) if r.part == row.part).mine}
            assert found[row.part] <= allowed, row.part
        assert found[Part.FORM] == {
            Role.OFFICE,
            Role.INSPECTOR,
            Role.AGENCY,
            Role.APPLICANT,
            Role.RECOMMENDER,
            Role.EXPERT,
            Role.CHAIR,
            Role.MEMBER,
        }
        assert found[Part.SHEETS] == {Role.OFFICE, Role.INSPECTOR, Role.AGENCY, Role.EXPERT}
        assert found[Part.FEEDBACK] <= {Role.APPLICANT}
        assert found[Part.BALLOTS] == {Role.OFFICE, Role.INSPECTOR, Role.CHAIR, Role.MEMBER}

    def test_who_judges_an_entry_reads_in_no_other_role_what_they_may_not(self) -> None:
        """An expert who is also of the staff: their own sheet opens the panel's, and until then nothing does (F2, T2)."""
        seat = Seat.objects.filter(vacated_at=None, panel__round="material").select_related("expert__person", "panel")[0]
        entry = seat.panel.entries.all()[0]
        office = self.world.people["office"]
        assert office.person is not None
        seat.expert.person.grants.create(role="office", unit=office.unit, granted_at=self.moment)
        both = Acting(Role.OFFICE, seat.expert.person, office.unit)
        entry.sheets.filter(expert=seat.expert).update(voided_at=self.moment)
        sight = parts.look_at(both, entry.code)
        judged = parts.sheets(sight)
        assert {row.who for row in judged.sheets if row.round == "材料评审"} <= {seat.expert.code} if judged else True
        assert parts.results(sight) is None
        assert not reach.results(both).filter(entry=entry).exists()

    def test_the_line_of_an_entry(self) -> None:
        winner = parts.look_at(self.world.people["office"], self.cycle.entries.filter(status="awarded")[0].code)
        steps = parts.stages(winner)
        assert [step.state for step in steps] == ["done"] * 10 + ["current"]
        assert all(step.on for step in steps)
        assert [step.on for step in steps] == sorted(step.on for step in steps if step.on)
        for status, states in {
            "not_accepted": ["done", "done", "ended", *["off"] * 8], "withdrawn": ["done", "ended", *["off"] * 9],
            "submitted": ["done", "current", *["ahead"] * 9], "revoked": [*["done"] * 10, "ended"],
        }.items():  # fmt: skip
            Entry.objects.filter(pk=winner.entry.pk).update(status=status)
            again = parts.look_at(self.world.people["office"], winner.entry.code)
            assert [step.state for step in parts.stages(again)] == states, status

    def test_lines_that_differ_in_their_hour_alone_are_told_once(self) -> None:
        owner = next(iter(self.world.owners.items()))
        told = parts.runs(parts.history(parts.look_at(owner[1], owner[0])))
        attached = next(run for run in told if run.line.act == "application.attach")
        assert attached.count > 2
        assert sum(run.count for run in told) == len(parts.history(parts.look_at(owner[1], owner[0])))


class TestVeil(Seen):
    stop = Stage.SHORTLIST

    def test_a_status_and_its_filter_agree(self) -> None:
        """For every role and every status: the entries that are shown with a status are those that its filter finds."""
        below = self.cycle.entries.filter(status="reviewed")[0]
        Entry.objects.filter(pk=below.pk).update(status="below_material")
        for role in (Role.OFFICE, Role.AGENCY, Role.APPLICANT, Role.RECOMMENDER, Role.EXPERT, Role.CHAIR):
            veil = parts.veil_of(role, [self.cycle])
            whole = Entry.objects.filter(cycle=self.cycle)
            for status in EntryStatus:
                shown = {e.pk for e in whole if veil.shown(e.cycle_id, e.status) == status}
                assert set(whole.filter(veil.standing_at([status])).values_list("pk", flat=True)) == shown, (role, status)
            assert whole.filter(veil.standing_at(EntryStatus)).count() == whole.count()
            sealed = Q(status__in=["reviewed", "below_material"])
            hidden = {veil.shown(e.cycle_id, e.status) for e in whole.filter(sealed)}
            outside = role in {Role.APPLICANT, Role.RECOMMENDER, Role.EXPERT}
            assert hidden == ({EntryStatus.ACCEPTED} if outside else {EntryStatus.REVIEWED, EntryStatus.BELOW_MATERIAL}), role

    def test_candidates_are_sealed_until_the_proposed_winners_are_public(self) -> None:
        Cycle.objects.filter(pk=self.cycle.pk).update(stage="committee")
        cycle = Cycle.objects.get(pk=self.cycle.pk)
        for role, seen in (
            (Role.APPLICANT, "visited"),
            (Role.AGENCY, "visited"),
            (Role.MEMBER, "not_proposed"),
            (Role.OFFICE, "not_proposed"),
        ):
            assert parts.veil_of(role, [cycle]).shown(cycle.pk, "not_proposed") == seen, role
        Cycle.objects.filter(pk=self.cycle.pk).update(stage="commendation")
        assert parts.veil_of(Role.APPLICANT, [Cycle.objects.get(pk=cycle.pk)]).shown(cycle.pk, "not_proposed") == "not_proposed"

    def test_who_is_recused_has_no_part_but_their_own_lines(self) -> None:
        untouched = self.cycle.entries.filter(status="reviewed", conflicts=None).order_by("code")
        entry, office = untouched[0], self.world.people["office"]
        self.world.do(panel.declare_conflict, office, entry, person=office.person, kind="declared", grounds="亲属任职")
        sight = parts.look_at(office, entry.code)
        assert sight.barred
        for part in (parts.form, parts.documents, parts.recommendation, parts.qualification, parts.sheets, parts.results, parts.ballots):
            assert part(sight) is None, part.__name__
        assert {line.act for line in parts.history(sight)} == {"panel.declare_conflict"}
        assert [row.grounds for row in parts.conflicts(sight) or ()] == ["亲属任职"]
