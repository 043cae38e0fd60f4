"""Calls a console did not see, over real HTTP in virtual time: it was off, between two polls, several consoles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.crm.port import CardToWrite
from app.domain.calls import Direction
from app.domain.wrap_up import CallKind, Disposition, card_key_of
from app.errors import RightsMissing
from app.outbox.store import OutboxStore
from app.services.wrap_up import CardSaved
from app.simulator.config import SimulatorConfig
from tests.app.services.unseen_world import COLLEAGUE, ME, THIRD, facts_by, offered, open_office
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until
from tests.simulator.pbx_client import CALLER, LINE


async def test_calls_while_the_console_was_off_are_offered_at_the_next_start(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        office.clock.advance(3600.0)
        began_at = office.clock.now().replace(microsecond=0)
        call = office.talk(90.0, rings_s=5.0)
        ended_at = office.clock.now().replace(microsecond=0)
        office.clock.advance(7200.0)
        async with office.console() as services:
            (card,) = offered(services)
            facts = card.draft.facts
            assert facts.card_key == card_key_of("127.0.0.1", facts.call_session_id, facts.leg_id)
            assert (facts.call_session_id, facts.leg_id) == (call, office.leg_of(call, ME))
            assert (facts.talk_s, facts.direction, facts.kind) == (90, Direction.INBOUND, None)
            assert (facts.phone_number, facts.line_number) == (CALLER, LINE)
            assert (facts.started_at, facts.ended_at) == (began_at, ended_at)
            assert card.draft.disposition is Disposition.SUCCESS


async def test_a_call_between_two_polls_is_offered_within_the_next_look(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console() as services:
        call = office.talk(10.0)
        assert services.wrap_up.cards == {}
        await office.pass_time(400.0, [services])
        await office.looked(services)
        assert facts_by(services) == [(call, 10)]
        assert len(offered(services)) == 1


async def test_what_was_seen_is_never_offered_too(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console() as services:
        call = office.ring(ME)
        await office.pass_time(30.0, [services])
        office.simulator.pbx.answer(call, ME)
        await office.pass_time(60.0, [services])
        office.simulator.pbx.hang_up(call, "contact")
        await office.pass_time(180.0, [services])
        await office.looked(services)
        (card,) = services.wrap_up.cards.values()
        assert not card.is_offered
        assert isinstance(await services.wrap_up.save(card.draft.card_key), CardSaved)
        await office.looked(services)
        assert services.wrap_up.cards == {}


async def test_nothing_from_before_the_first_start_is_offered(tmp_path: Path) -> None:
    """Those calls were somebody else's to write: a card for them might be a second one."""
    async with open_office(tmp_path) as office:
        office.talk()
        office.clock.advance(600.0)
        async with office.console() as services:
            assert services.wrap_up.cards == {}


async def test_another_employee_at_the_same_desk_begins_anew(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console(ME, desk="desk"):
            pass
        office.talk(employee_id=COLLEAGUE)
        mine = office.talk(20.0)
        office.clock.advance(600.0)
        async with office.console(COLLEAGUE, desk="desk") as services:
            assert services.wrap_up.cards == {}
        async with office.console(ME, desk="desk") as services:
            assert facts_by(services) == [(mine, 20)]


async def test_calls_from_before_a_weekend_are_offered_on_monday(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        office.clock.advance(600.0)
        call = office.talk(30.0)
        office.clock.advance(63 * 3600.0)
        async with office.console() as services:
            assert facts_by(services) == [(call, 30)]


async def test_what_is_older_than_the_settings_look_back_is_left_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console(look_back_h=2):
            pass
        office.talk()
        office.clock.advance(3 * 3600.0)
        late = office.talk(30.0)
        office.clock.advance(600.0)
        async with office.console(look_back_h=2) as services:
            assert facts_by(services) == [(late, 30)]


async def test_an_offered_card_survives_a_restart_and_one_that_was_closed_stays_away(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        call = office.talk()
        office.clock.advance(600.0)
        async with office.console() as services:
            assert facts_by(services) == [(call, 60)]
            await office.pass_time(2.0)
        async with office.console() as services:
            (card,) = offered(services)
            assert isinstance(await services.wrap_up.save(card.draft.card_key), CardSaved)
        async with office.console() as services:
            await office.looked(services)
            assert services.wrap_up.cards == {}


async def test_a_missed_call_of_a_group_is_offered_to_one_console_only(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        for employee in (ME, COLLEAGUE, THIRD):
            async with office.console(employee):
                pass
        call = office.ring(THIRD, ME, COLLEAGUE)
        office.clock.advance(30.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(600.0)
        found = {}
        for employee in (ME, COLLEAGUE, THIRD):
            async with office.console(employee) as services:
                found[employee] = facts_by(services)
                for card in offered(services):
                    assert card.draft.disposition is Disposition.MISSED
        assert found == {ME: [], COLLEAGUE: [], THIRD: [(call, 0)]}


async def test_a_group_call_somebody_took_is_that_ones_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        for employee in (ME, COLLEAGUE):
            async with office.console(employee):
                pass
        call = office.ring(ME, COLLEAGUE)
        office.clock.advance(10.0)
        office.simulator.pbx.answer(call, COLLEAGUE)
        office.clock.advance(50.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(600.0)
        async with office.console(ME) as mine, office.console(COLLEAGUE) as other:
            assert facts_by(mine) == []
            assert facts_by(other) == [(call, 50)]


async def test_a_call_handed_over_gives_each_employee_a_card_for_the_own_leg(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        for employee in (ME, COLLEAGUE):
            async with office.console(employee):
                pass
        call = office.ring(ME)
        office.simulator.pbx.answer(call, ME)
        office.clock.advance(40.0)
        office.hand_over(call, "102")
        office.clock.advance(100.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(600.0)
        async with office.console(ME) as mine, office.console(COLLEAGUE) as other:
            (own,) = offered(mine)
            (theirs,) = offered(other)
            assert own.draft.card_key != theirs.draft.card_key
            assert (own.draft.facts.kind, own.draft.facts.talk_s) == (None, 50)
            assert (theirs.draft.facts.kind, theirs.draft.facts.talk_s) == (CallKind.INCOMING_REDIRECTED, 100)
            assert theirs.draft.facts.leg_id == office.leg_of(call, COLLEAGUE)


async def test_one_saw_it_and_the_other_did_not(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console(ME) as mine:
        async with office.console(COLLEAGUE):
            pass
        call = office.ring(ME)
        await office.pass_time(30.0, [mine])
        office.simulator.pbx.answer(call, ME)
        await office.pass_time(60.0, [mine])
        office.hand_over(call, "102")
        await office.pass_time(90.0, [mine])
        office.simulator.pbx.hang_up(call, "contact")
        await office.pass_time(180.0, [mine])
        await office.looked(mine)
        assert [card.is_offered for card in mine.wrap_up.cards.values()] == [False]
        async with office.console(COLLEAGUE) as other:
            (theirs,) = offered(other)
            assert theirs.draft.facts.kind is CallKind.INCOMING_REDIRECTED


async def test_a_coach_gets_no_card(tmp_path: Path) -> None:
    coach = 2004
    async with open_office(tmp_path) as office:
        async with office.console(coach):
            pass
        call = office.ring(ME)
        office.simulator.pbx.answer(call, ME)
        office.simulator.account.commands.add_coach(office.simulator.pbx.call(call), None)
        office.simulator.pbx.coach_answers(call)
        office.clock.advance(60.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(600.0)
        async with office.console(coach) as services:
            assert services.wrap_up.cards == {}


@pytest.mark.parametrize(
    ("who", "expected", "is_guess"),
    [("contact", Disposition.DECLINED, False), (ME, Disposition.CANCELLED, False)],
)
async def test_an_outgoing_call_nobody_answered_says_why(
    tmp_path: Path, who: str | int, expected: Disposition, is_guess: bool
) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        call = office.simulator.pbx.ring_out(ME, CALLER)
        office.clock.advance(20.0)
        office.simulator.pbx.hang_up(call, who)
        office.clock.advance(600.0)
        async with office.console() as services:
            (card,) = offered(services)
            assert card.draft.facts.direction is Direction.OUTBOUND
            proposed = card.draft.facts.proposed
            assert proposed is not None
            assert (proposed.disposition, proposed.is_guess) == (expected, is_guess)


async def test_a_call_that_still_runs_waits_and_one_just_over_too(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        call = office.ring(ME)
        office.simulator.pbx.answer(call, ME)
        office.clock.advance(600.0)
        async with office.console() as services:
            assert offered(services) == []
            assert len(services.wrap_up.cards) == 1
        short = office.talk(5.0)
        async with office.console() as services:
            assert short not in [one for one, _ in facts_by(services)]
            office.clock.advance(70.0)
            await office.looked(services)
            assert short in [one for one, _ in facts_by(services)]


async def test_a_call_that_lasted_for_hours_is_found_by_its_beginning(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        call = office.ring(ME)
        office.simulator.pbx.answer(call, ME)
        office.clock.advance(600.0)
        # It is on the list while the console is on, and its card is a draft; the other console never saw it.
        async with office.console(desk="other"):
            pass
        office.clock.advance(3 * 3600.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(600.0)
        async with office.console(desk="third"):
            pass
        async with office.console(desk="other") as services:
            assert [one for one, _ in facts_by(services)] == [call]


async def test_a_report_that_comes_late_is_read_all_the_same(tmp_path: Path) -> None:
    async with (
        open_office(tmp_path, SimulatorConfig(report_delay_s=2 * 3600.0)) as office,
        office.console() as services,
    ):
        call = office.talk(10.0)
        for _ in range(3):
            office.clock.advance(1200.0)
            await office.looked(services)
        assert offered(services) == []
        office.clock.advance(2 * 3600.0)
        await office.looked(services)
        assert [one for one, _ in facts_by(services)] == [call]


@pytest.mark.parametrize("shift", [1, 7, 1_000_000])
async def test_leg_ids_that_differ_between_list_and_report_make_no_second_card(tmp_path: Path, shift: int) -> None:
    config = SimulatorConfig(report_leg_id_shift=shift)
    async with open_office(tmp_path, config) as office, office.console() as services:
        call = office.ring(ME)
        await office.pass_time(30.0, [services])
        office.simulator.pbx.answer(call, ME)
        await office.pass_time(60.0, [services])
        office.simulator.pbx.hang_up(call, "contact")
        await office.pass_time(300.0, [services])
        await office.looked(services)
        assert [card.is_offered for card in services.wrap_up.cards.values()] == [False]


async def test_without_the_guard_shifted_ids_would_be_offered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: by the key alone."""
    monkeypatch.setattr("app.services.known_parts.overlap", lambda *_: False)
    async with open_office(tmp_path, SimulatorConfig(report_leg_id_shift=7)) as office, office.console() as services:
        call = office.ring(ME)
        await office.pass_time(30.0, [services])
        office.simulator.pbx.answer(call, ME)
        await office.pass_time(60.0, [services])
        office.simulator.pbx.hang_up(call, "contact")
        await office.pass_time(300.0, [services])
        await office.looked(services)
        assert sorted(card.is_offered for card in services.wrap_up.cards.values()) == [False, True]


async def test_a_second_part_of_mine_that_nobody_saw_is_offered_although_the_first_has_its_card(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console() as services:
        call = office.ring(ME)
        await office.pass_time(30.0, [services])
        office.simulator.pbx.answer(call, ME)
        await office.pass_time(60.0, [services])
        office.hand_over(call, "102")
        await office.pass_time(120.0, [services])
        # The colleague gives the caller back, and all is over before the next poll.
        office.hand_over(call, "101")
        office.clock.advance(15.0)
        office.simulator.pbx.hang_up(call, "contact")
        await office.pass_time(300.0, [services])
        await office.looked(services)
        assert sorted(card.is_offered for card in services.wrap_up.cards.values()) == [False, True]
        (second,) = offered(services)
        assert second.draft.facts.talk_s == 15


@pytest.mark.parametrize(
    ("now", "zone"),
    [
        # Clocks go back at 01:00 UTC: 02:30 comes twice in Berlin.
        (datetime(2026, 10, 25, 0, 20, tzinfo=UTC), "Europe/Berlin"),
        (datetime(2026, 10, 25, 1, 20, tzinfo=UTC), "Europe/Berlin"),
        (datetime(2026, 10, 25, 0, 55, tzinfo=UTC), "Europe/Berlin"),
        # And forward at 01:00 UTC.
        (datetime(2026, 3, 29, 0, 55, tzinfo=UTC), "Europe/Berlin"),
        (datetime(2026, 3, 2, 20, 0, tzinfo=UTC), "Asia/Kamchatka"),
        (datetime(2026, 3, 2, 20, 0, tzinfo=UTC), "Europe/Kaliningrad"),
    ],
)
async def test_times_are_the_accounts_whatever_its_clock_does(tmp_path: Path, now: datetime, zone: str) -> None:
    clock = FakeClock(now - timedelta(hours=2))
    async with open_office(tmp_path, SimulatorConfig(time_zone=zone), clock=clock) as office:
        async with office.console():
            pass
        clock.advance(7200.0 - (clock.now() - (now - timedelta(hours=2))).total_seconds())
        began_at = clock.now().replace(microsecond=0)
        office.talk(900.0)
        ended_at = clock.now().replace(microsecond=0)
        clock.advance(3 * 3600.0)
        async with office.console() as services:
            (card,) = offered(services)
            facts = card.draft.facts
            assert facts.talk_s == 900
            assert facts.ended_at is not None
            assert facts.ended_at - facts.started_at == ended_at - began_at
            # The first half of the hour that comes twice cannot be told from the second when all of the call is in it.
            assert facts.started_at in (began_at, began_at - timedelta(hours=1))
            if zone != "Europe/Berlin" or now.month == 3 or now.hour == 0:
                assert facts.started_at == began_at


async def test_many_calls_are_read_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.uis.data_client.PAGE", 25)
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        calls = [office.talk(20.0) for _ in range(60)]
        office.clock.advance(600.0)
        async with office.console() as services:
            assert [one for one, _ in facts_by(services)] == calls


async def test_an_account_that_filters_no_legs_is_read_whole(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        office.talk(employee_id=COLLEAGUE)
        call = office.talk(20.0)
        office.clock.advance(600.0)
        office.simulator.account.switches.refuse_next("get.call_legs_report", "filter_prohibited")
        async with office.console() as services:
            assert facts_by(services) == [(call, 20)]


async def test_a_quiet_look_costs_one_point(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console() as services:
        office.talk(10.0)
        await office.pass_time(400.0, [services])
        await office.looked(services)
        await office.pass_time(2.0)
        legs, calls = office.asked("get.call_legs_report"), office.asked("get.calls_report")
        for _ in range(5):
            office.clock.advance(300.0)
            await office.looked(services)
        assert (office.asked("get.call_legs_report") - legs, office.asked("get.calls_report") - calls) == (5, 0)


async def test_without_rights_it_is_told_once_and_asked_no_more(tmp_path: Path) -> None:
    config = SimulatorConfig(data_rights=frozenset({"get.call_legs_report"}))
    async with open_office(tmp_path, config) as office, office.console(is_looked=False) as services:
        unseen = services.unseen_calls
        await until(lambda: isinstance(unseen.trouble, RightsMissing), timeout=10.0, what="the refusal")
        await office.pass_time(1000.0, [services])
        assert office.asked("get.call_legs_report") == 1


async def test_used_up_points_are_left_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console() as services:
        office.simulator.account.data_points.spend(9_990)
        account = services.account_port
        assert account is not None
        # One more request is what tells of it.
        services.unseen_calls.look_soon()
        await until(lambda: not account.can_spare(), timeout=10.0, what="the news of the points")
        asked = office.asked("get.call_legs_report")
        services.unseen_calls.look_soon()
        await office.pass_time(20.0, [services])
        assert office.asked("get.call_legs_report") == asked
        call = office.talk(5.0)
        await office.pass_time(500.0, [services])
        await until(lambda: call in [one for one, _ in facts_by(services)], timeout=10.0, what="the points are back")


async def test_a_report_that_fails_is_asked_again_and_nothing_is_missed(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        call = office.talk(20.0)
        office.clock.advance(600.0)
        office.simulator.set_down("data", True)
        async with office.console() as services:
            assert services.unseen_calls.trouble is not None
            office.simulator.set_down("data", False)
            await office.pass_time(90.0, [services])
            await until(lambda: facts_by(services) == [(call, 20)], what="the offered card", timeout=10.0)
            assert services.unseen_calls.trouble is None


async def test_an_old_card_that_says_nothing_of_its_employee_counts_as_mine(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console() as services:
        call = office.talk(20.0)
        old = CardToWrite(
            card_key=f"pult-127.0.0.1-{call}-1",
            direction=Direction.INBOUND,
            phone_number=CALLER,
            line_number=LINE,
            started_at=office.clock.now() - timedelta(seconds=20),
            talk_s=20,
            disposition_code="200",
            crm_user_id=7,
        )
        await OutboxStore(services.database).save(old, (), office.clock.now())
        office.clock.advance(600.0)
        await office.looked(services)
        assert services.wrap_up.cards == {}
