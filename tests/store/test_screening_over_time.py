"""Flags and cases as days pass, and when days are screened again."""

import datetime as dt
from dataclasses import replace

from store.actions.cases import close as closing
from store.rules.model import CaseStatus, FlagState, MarkerFamily, Outcome
from store.tables import cases, flags
from tests.people import finding
from tests.world import World

ONE_DAY = dt.timedelta(days=1)


def close(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.DATA_ERROR)


def states(world: World) -> list[str]:
    return [str(row["state"]) for row in world.rows(flags)]


def test_a_correction_withdraws_the_flag_and_the_card_says_so(world: World) -> None:
    case = world.open_case()

    result = world.screen()

    assert (result.flags_raised, result.flags_ended) == (0, 1)
    assert states(world) == [FlagState.WITHDRAWN]
    assert world.case(case).version == 2
    assert world.case(case).status is CaseStatus.OPEN, "a human decides how it ends"


def test_a_flag_clears_after_the_schools_number_of_days_and_not_before(world: World) -> None:
    world.open_case()
    for _ in range(6):
        world.clock.forward(days=1)
        assert world.screen().flags_ended == 0
    world.clock.forward(days=1)

    assert world.screen().flags_ended == 1

    assert states(world) == [FlagState.CLEARED]


def test_one_quiet_day_does_not_end_a_flag_nor_begin_another(world: World) -> None:
    dana = world.student("dana")
    world.open_case()
    world.clock.forward(days=1)
    quiet = world.today
    world.screen()
    world.clock.forward(days=1)

    world.screen(finding(dana))

    (flag,) = world.rows(flags)
    assert (flag["state"], flag["missed_on"]) == (FlagState.ACTIVE, [quiet.isoformat()])
    before = world.dump()
    world.screen(day=quiet)
    assert world.dump() == before, "the quiet day again"


def test_a_correction_that_is_itself_corrected_raises_the_flag_again(world: World) -> None:
    case = world.open_case()
    world.screen()

    world.screen(finding(world.student("dana")))

    assert states(world) == [FlagState.ACTIVE]
    assert world.case(case).version == 3, "the card shows it again"


# -- Closed cases ------------------------------------------------------------------------------


def test_a_flag_that_goes_on_does_not_open_a_closed_case_again(world: World) -> None:
    case = world.open_case()
    close(world, case)
    closed = world.case(case)
    world.clock.forward(days=1)

    result = world.screen(finding(world.student("dana")))

    assert (result.flags_raised, result.cases_opened) == (0, 0)
    assert world.case(case) == closed


def test_a_new_flag_after_closing_opens_a_new_case(world: World) -> None:
    case = world.open_case()
    close(world, case)
    closed = world.case(case)
    world.clock.forward(days=1)
    dana = world.student("dana")

    essay = finding(dana, "Essay", rule="missed-submission", family=MarkerFamily.SUBMISSIONS)
    result = world.screen(finding(dana), essay)

    assert (result.flags_raised, result.cases_opened) == (1, 1)
    assert [row["reference"] for row in world.rows(cases)] == ["LANG-1", "LANG-2"]
    assert [row["case_id"] for row in world.rows(flags)] == [case, case + 1, case + 1]
    assert states(world) == [FlagState.CARRIED, FlagState.ACTIVE, FlagState.ACTIVE]
    assert world.case(case) == closed


# -- Sources that have stopped delivering ------------------------------------------------------


def test_a_flag_that_rests_on_a_silent_source_is_left_as_it_is(world: World) -> None:
    dana = world.student("dana")
    world.screen(finding(dana, source="moodle, registers"))
    before = world.rows(flags)
    world.clock.forward(days=30)

    assert world.screen(unknown={"registers"}).flags_ended == 0
    assert world.rows(flags) == before
    assert world.screen(unknown={"register"}).flags_ended == 1, "which is another source"


def test_a_flag_that_still_fires_without_the_silent_source_goes_on(world: World) -> None:
    dana = world.student("dana")
    world.screen(finding(dana, source="moodle, registers"))
    world.clock.forward(days=1)

    result = world.screen(finding(dana), unknown={"registers"})

    assert (result.flags_raised, result.cases_opened) == (0, 0)
    (flag,) = world.rows(flags)
    assert flag["last_found_on"] == world.today


def test_a_flag_that_is_true_again_after_its_case_was_closed_gets_a_case(world: World) -> None:
    dana = world.student("dana")
    first = world.open_case()
    world.screen()
    close(world, first)

    result = world.screen(finding(dana))

    assert result.cases_opened == 1
    earlier, flag = world.rows(flags)
    assert (earlier["case_id"], earlier["state"]) == (first, FlagState.CARRIED)
    assert flag["state"] == FlagState.ACTIVE
    assert flag["case_id"] != first, "nobody would see it on a closed case"
    assert not world.case(flag["case_id"]).is_closed


def test_a_flag_that_goes_on_says_what_is_true_now(world: World) -> None:
    dana = world.student("dana")
    world.open_case()
    (raised,) = world.rows(flags)
    world.clock.forward(days=1)
    newer = replace(finding(dana), reason_staff="Attended 1 of 9 sessions.", fresh=world.today)

    world.screen(newer)

    (flag,) = world.rows(flags)
    assert (flag["reason_staff"], flag["fresh"]) == ("Attended 1 of 9 sessions.", world.today)
    assert flag["policy_id"] == raised["policy_id"]
    earlier = replace(newer, reason_staff="Attended 2 of 9 sessions.")
    world.screen(earlier, day=world.today - ONE_DAY)
    assert world.rows(flags)[0]["reason_staff"] == "Attended 1 of 9 sessions.", "no older news"
