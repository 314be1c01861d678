"""Rules beyond one case and its owner: the other school, absences, complaints, welfare."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from store.actions.cases import alert_home_school as alerting
from store.actions.cases import use_welfare_route as emergency
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.schools import arrange_cover as cover
from store.actions.schools.arrange_cover import Absence
from store.actions.schools.load_roster import load_roster
from store.delivery import claims, results
from store.queries.notices.thread_notices import line_view
from store.rules.model import OutboxKind, OutboxState, Outcome, Purpose
from store.rules.schools import Roster
from store.tables import thread_lines
from tests.people import ROSTER, finding
from tests.store.colleagues.contact import Contact
from tests.store.colleagues.stage import CASES, COLLEAGUES, PEOPLE, WRITERS, allowed_or_not

DECIDERS = st.sampled_from(["lena", "fay", "hana"])
STUDENTS = st.integers(0, 2)
WHY = "Her tutor is worried today"


class Schools(Contact):
    """Raise alerts, move students, arrange cover, record complaints and emergencies, decide on
    them."""

    @rule(who=PEOPLE, case=CASES, student=STUDENTS, by_case=st.booleans())
    def alert_home(self, who: str, case: int, student: int, by_case: bool) -> None:
        store, by = self.world.store, self.world.by(who)
        with allowed_or_not():
            if by_case:
                alerting.alert_home_school(store, by, case, "She misses my seminar")
            else:
                number = self.world.student(ROSTER.students[student].given_name.lower())
                alerting.alert_home_school_about(store, by, number, "She misses my seminar")

    @rule(who=st.sampled_from(["charlie", "alice", "lena"]), case=CASES)
    def acknowledge(self, who: str, case: int) -> None:
        with allowed_or_not():
            alerting.acknowledge_alert(self.world.store, self.world.by(who), case)

    @rule(student=STUDENTS, to=st.sampled_from(["LANG", "LANG", "MATH"]), seen=st.booleans())
    def move_school(self, student: int, to: str, seen: bool) -> None:
        """Load a roster in which the student belongs to this school from now on."""
        moved = replace(ROSTER.students[student], home_school=to)
        load_roster(self.world.store, Roster(students=(moved,)))
        if seen:
            self.acknowledge(who="sana" if to == "LANG" else "charlie", case=student + 1)

    @rule(who=WRITERS, absent=PEOPLE, by=PEOPLE, days=st.integers(-1, 3))
    def cover(self, who: str, absent: str, by: str, days: int) -> None:
        store, asked, school = self.world.store, self.world.by(who), self.world.school()
        last = self.world.today + dt.timedelta(days=days)
        with allowed_or_not():
            if days < 0:
                cover.end_cover(store, asked, school, self.world.staff(absent))
            else:
                away, acting = self.world.staff(absent), self.world.staff(by)
                wanted = Absence(away, acting, self.world.today, last)
                cover.arrange_cover(store, asked, school, wanted)

    @rule(who=PEOPLE, case=CASES, about=PEOPLE)
    def complain(self, who: str, case: int, about: str) -> None:
        with allowed_or_not():
            said = Complaint("The mail came twice", about=self.world.staff(about))
            complaints.record_complaint(self.world.store, self.world.by(who), case, said)
            if case in self.closed:
                self.keep_closed(case)

    @rule(who=DECIDERS, case=CASES)
    def resolve(self, who: str, case: int) -> None:
        with allowed_or_not():
            said = "We have talked it over"
            complaints.resolve_complaint(self.world.store, self.world.by(who), case, said)

    @rule(about=st.just("lena") | COLLEAGUES, case=CASES, meanwhile=WRITERS, by=DECIDERS)
    def complain_and_see(self, about: str, case: int, meanwhile: str, by: str) -> None:
        """Record a complaint; the person it is about and others try to act; then it is resolved."""
        self.complain(who="bob", case=case, about=about)
        self.take(who=about, case=case, stale=0)
        self.try_all_of_it(case=case, viewer="bob", mail_by=(meanwhile,) * 3, then="send")
        self.resolve(who=by, case=case)

    @rule(case=CASES, who=PEOPLE)
    def end_and_begin_again(self, case: int, who: str) -> None:
        """Close a case, open a newer one, then reopen the old one: it is merged into the newer."""
        self.close(who=who, case=case, outcome=Outcome.DATA_ERROR)
        found = {(name, "Essay") for name in ("dana", "eli")}
        self.screen(hours=30, found=found, school="LANG")
        self.reopen(who=who, case=case)

    @rule(who=PEOPLE, case=CASES)
    def use_welfare_route(self, who: str, case: int) -> None:
        with allowed_or_not():
            emergency.use_welfare_route(self.world.store, self.world.by(who), case, WHY)
            self.closed.pop(case, None)  # it is open again

    @rule(who=DECIDERS, case=CASES)
    def review(self, who: str, case: int) -> None:
        with allowed_or_not():
            emergency.review_welfare_route(
                self.world.store, self.world.by(who), case, "That was right"
            )

    @rule(case=CASES, by=st.tuples(WRITERS, WRITERS, DECIDERS), route=st.booleans())
    def write_about_welfare(self, case: int, by: tuple[str, str, str], route: bool) -> None:
        """Send an email about welfare, with or without the welfare route used before."""
        drafter, approver, reviewer = by
        if route:
            self.use_welfare_route(who=drafter, case=case)
            self.review(who=reviewer, case=case)
        self.write(who=drafter, case=case, words="Are you safe?", purpose=Purpose.WELFARE)
        self.open_draft(who=approver, case=case)
        self.approve(who=approver, case=case, which=0)
        self.send(end="sent")

    @rule()
    def say_a_line(self) -> None:
        """Have the worker post a line below a card, and check that it mentions only permitted
        people."""
        row = claims.claim(self.world.store, OutboxKind.LINE, "worker")
        if row is None:
            return
        (line,) = self.world.rows(thread_lines, key=row.key)
        with self.world.store.database.read() as connection:
            view = line_view(connection, row.key, self.world.today)
        if view.to is not None:
            assert view.to.id != line["by_staff_id"], "nobody is mentioned for what they did"
            assert view.to.id not in view.case.barred
            assert view.to.is_in(view.case.school)
        if view.is_needed:
            assert not view.case.is_closed
        said = view.is_needed and view.case.school == row.school
        with self.world.store.unit_of_work() as work:
            results.settle(work, row, OutboxState.SENT if said else OutboxState.CANCELLED)

    @rule(
        hours=st.integers(0, 200),
        found=st.sets(
            st.sampled_from([("dana", ""), ("dana", "Essay"), ("eli", ""), ("mira", "")])
        ),
        school=st.sampled_from(["LANG", "MATH"]),
    )
    def screen(self, hours: int, found: set[tuple[str, str]], school: str) -> None:
        """Move the clock forward, end pauses that are due and screen the students."""
        self.world.clock.forward(hours=hours)
        self.world.resume_due(self.world.today)
        self.world.screen(
            *(finding(self.world.student(name), subject) for name, subject in sorted(found)),
            school=school,
        )
