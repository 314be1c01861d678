"""The lead's private notes, from the lake and the roster."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from integrations.activity.coverage import lead_notes
from integrations.activity.relations import AgreedSource
from store.actions.notices.notify import Notice, notify_person
from store.actions.schools.load_roster import load_roster
from store.rules.flag_rules.base import Criterion
from store.rules.model import Level, MarkerFamily, NoticeKind
from store.rules.schools import EnrolmentEntry, ModuleEntry, Roster, StudentEntry
from store.tables import cases
from tests.people import policy_document
from tests.worker.office import Office, office_in, words
from tests.worker.test_screening import DAY, screen, write_feed

BURST = DAY - dt.timedelta(days=16)


def write_burst(office: Office) -> None:
    """Write a feed in which Dana is absent but for one day, with 200 clicks within minutes."""
    home = office.services.settings.home
    minutes = [f"1001,FR101,vle,done,{BURST}T10:{n // 20:02}:{n % 20:02}" for n in range(200)]
    write_feed(home, dana_until=DAY - dt.timedelta(days=27), extra="\n".join(minutes))


def the_week(office: Office, name: str) -> str:
    world = office.world
    with world.store.unit_of_work() as work:
        notify_person(
            work, world.staff(name), Notice(NoticeKind.WEEK, world.school(), "week", day=DAY)
        )
    office.works()
    return str(office.messages(f"direct:{name}")[-1].payload)


def test_a_burst_is_one_active_day_and_the_leads_alone(tmp_path: Path) -> None:
    with office_in(tmp_path / "home") as office:
        write_burst(office)
        screen(office)
        office.works()
        dana = office.world.student("dana")
        vle = AgreedSource("LANG", MarkerFamily.VLE, "moodle")
        net = {"LANG": Criterion()}
        (evidence,) = dict(office.services.engine.evidence(DAY, [vle], net, [dana]))["LANG"]
        (measure,) = evidence.measures
        assert (measure.active_days_28, measure.last_done) == (2, BURST)
        assert sum(evidence.weeks[-4:]) == 2
        assert len(office.world.rows(cases)) == 1, "it spares nobody the question how they are"

        line = f"200 clicks in FR101 on {BURST:%a} {BURST.day} {BURST:%b}"
        coverage = words(office.types("lena", "coverage").card)
        assert line in coverage
        assert "LANG-1" in coverage
        assert "Dana" not in coverage
        assert line in the_week(office, "lena")
        posted = [str(message.payload) for message in office.messages()]
        assert posted
        assert not any("200 clicks" in each for each in posted), "never on a card"
        assert "200 clicks" not in repr(office.types("alice", "show LANG-1"))


def test_whoever_does_not_lead_reads_no_notes_in_the_week(tmp_path: Path) -> None:
    with office_in(tmp_path / "home") as office:
        write_burst(office)
        screen(office)
        assert "200 clicks" not in the_week(office, "alice")


def test_who_is_hardly_monitored_is_listed_by_number(tmp_path: Path) -> None:
    with office_in(tmp_path / "home") as office:
        write_feed(office.services.settings.home)
        screen(office)
        before = office.world.dump()

        languages = lead_notes(office.services, office.world.school("LANG"), DAY)
        mathematics = lead_notes(office.services, office.world.school("MATH"), DAY)

        assert languages == ["Nothing stands out."]
        assert mathematics == ["Nothing stands out."], "one of Mira's two modules is half of them"
        assert office.world.dump() == before


def test_whom_no_rule_looks_at_is_told_of_wherever_their_lead_looks(tmp_path: Path) -> None:
    """§10: the students with the least data have no rule at all, not even "0 of 2 modules"."""
    with office_in(tmp_path / "home") as office:
        world = office.world
        noa = StudentEntry("1003", "Noa", "Nomod", Level.UNDERGRADUATE, "R100", "LANG")
        una = replace(noa, number="1004", given_name="Una", family_name="Unruled")
        left = replace(noa, number="1005", given_name="Lea", family_name="Left")
        since, until = dt.date(2025, 9, 22), dt.date(2025, 10, 1)
        load_roster(
            world.store,
            Roster(
                students=(noa, una, left),
                modules=(ModuleEntry("FR900", "French films", "LANG"),),
                enrolments=(
                    EnrolmentEntry("1004", "FR900", since),
                    EnrolmentEntry("1005", "FR101", since, until),
                ),
            ),
        )
        world.publish(
            policy_document().replace(
                "[rules.inactivity]",
                '[rules.quiet-weeks]\n[[overrides]]\nmodule = "FR900"\noff = ["quiet-weeks"]',
            )
        )
        write_feed(office.services.settings.home)
        screen(office)
        notes = words(office.types("lena", "coverage").card)
        assert "1003: no module on the roster" in notes
        assert "1004: no rule looks at their modules" in notes
        assert "1004: 0 of" not in notes, "said once"
        assert "1005" not in notes, "who has left is not looked at on purpose"
        counted = (
            "1 student (no module on the roster) and 1 student (no rule looks at their modules)"
        )
        assert counted in words(office.types("lena", "digest week").card)
        assert counted in the_week(office, "lena")
        for number, why in (
            ("1003", "no module on the roster"),
            ("1004", "no rule looks at their modules"),
        ):
            found = words(office.types("alice", f"find {number}").card)
            assert f"no open case ({why}, so Lantern can open none)" in found
        assert "1002, R100: no open case'" in words(office.types("alice", "find 1002").card)
