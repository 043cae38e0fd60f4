"""Recordings from the report to the file, over real HTTP in virtual time: patience, points, rights, pages, disks."""

from __future__ import annotations

import asyncio
import errno
import io
import shutil
import stat
import wave
from pathlib import Path
from typing import IO

import pytest

from app.crm.port import RecordingState, StepReceipt
from app.domain.calls import EmployeeId
from app.errors import LimitExceeded, NotSaved, RightsMissing
from app.http.download import open_private
from app.outbox.entry import StepState
from app.outbox.store import StepChange, StepKey
from app.simulator.config import SimulatorConfig
from app.simulator.faults import ResetMidReply
from app.simulator.pbx.recordings import mp3_of
from app.simulator.runner import Simulator
from tests.app.services.shelf_world import RECORDED, Shelf, open_shelf, shelf_world
from tests.helpers.clock import FakeClock
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until
from tests.simulator.pbx_client import HOLD_MESSAGE

DAY_S = 86_400.0


async def test_the_recording_of_a_saved_card_is_found_fetched_whole_and_handed_over(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        card_key = await shelf.save(shelf.talk())
        assert (await shelf.known(card_key)).recording_state is RecordingState.NOT_YET
        found = await shelf.ready(card_key)
        assert found.path is not None
        assert found.path.suffix == ".mp3"
        assert found.path.read_bytes() == mp3_of(60.0)
        assert found.size == len(mp3_of(60.0))
        assert found.link.startswith(shelf.simulator.media_url)
        assert shelf.handed_over == [card_key]
        assert shelf.asked("get.calls_report") == 1


async def test_the_cache_is_the_owners_alone(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        found = await shelf.ready(await shelf.save(shelf.talk()))
        assert found.path is not None
        assert stat.S_IMODE(found.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
        assert [path.name for path in shelf.folder.iterdir()] == [found.path.name]


async def test_a_recording_that_comes_late_is_looked_for_at_growing_distances(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(recording_ready_after_s=2400.0)) as shelf:
        card_key = await shelf.save(shelf.talk())
        found = await shelf.ready(card_key, within_s=8000.0)
        assert found.path is not None
        # 30 s after the call, then 1, 2, 5, 10, 20 minutes later, then hourly: seven looks and not eighty.
        assert shelf.asked("get.calls_report") == 7


async def test_several_cards_are_asked_for_in_one_request(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        calls = [shelf.talk(5.0) for _ in range(6)]
        card_keys = [await shelf.save(call, 5) for call in calls]
        for card_key in card_keys:
            await shelf.ready(card_key, within_s=300.0)
        assert shelf.asked("get.calls_report") == 1
        assert len({(await shelf.known(card_key)).path for card_key in card_keys}) == 6


async def test_what_still_grows_is_not_taken_for_whole(tmp_path: Path) -> None:
    config = SimulatorConfig(recording_ready_after_s=20.0, recording_written_for_s=200.0)
    async with shelf_world(tmp_path, config) as shelf:
        card_key = await shelf.save(shelf.talk(300.0), 300)
        growing = await shelf.until(lambda one: one.reason == "recording_still_written", card_key, within_s=90.0)
        assert growing.recording_state is RecordingState.NOT_YET
        assert growing.path is None
        assert list(shelf.folder.iterdir()) == []
        found = await shelf.ready(card_key, within_s=1000.0)
        assert found.path is not None
        assert found.path.read_bytes() == mp3_of(300.0)


async def test_without_the_second_look_a_growing_file_would_pass_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr("app.services.recording_fetch._STEADY_AFTER_S", 0.0)
    config = SimulatorConfig(recording_ready_after_s=20.0, recording_written_for_s=200.0)
    async with shelf_world(tmp_path, config) as shelf:
        found = await shelf.ready(await shelf.save(shelf.talk(300.0), 300), within_s=90.0)
        assert 0 < found.size < len(mp3_of(300.0))


async def test_a_hash_alone_is_tried_at_both_places(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(has_whole_record_link=False)) as shelf:
        call = shelf.talk()
        found = await shelf.ready(await shelf.save(call))
        assert f"/system/media/talk/{call}/" in found.link


async def test_an_account_that_keeps_wav_only(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(recording_kind="wav")) as shelf:
        found = await shelf.ready(await shelf.save(shelf.talk()))
        assert found.path is not None
        assert found.path.suffix == ".wav"
        with wave.open(io.BytesIO(found.path.read_bytes())) as sound:
            assert sound.getnframes() / sound.getframerate() == pytest.approx(60.0)


async def test_of_a_call_handed_over_each_employee_gets_the_own_part(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        pbx, commands = shelf.simulator.pbx, shelf.simulator.account.commands
        call_session_id = pbx.ring_in("79062195047", employees=[RECORDED])
        pbx.answer(call_session_id, RECORDED)
        call = pbx.call(call_session_id)
        shelf.clock.advance(40.0)
        commands.hold(call, (HOLD_MESSAGE["type"], HOLD_MESSAGE["value"]))
        commands.call_third_party(call, "101", None)
        pbx.colleague_answers(call_session_id)
        commands.transfer(call)
        shelf.clock.advance(200.0)
        pbx.hang_up(call_session_id, "contact")
        found = await shelf.ready(await shelf.save(call_session_id, 40))
        assert found.size == len(mp3_of(40.0))
        other = await shelf.ready(await shelf.save(call_session_id, 200, key="second", employee_id=2001))
        assert other.size == len(mp3_of(200.0))


async def test_a_login_page_is_no_recording(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        shelf.simulator.pbx.recordings.needs_login = True
        card_key = await shelf.save(shelf.talk())
        found = await shelf.none(card_key, within_s=3600.0)
        assert found.reason == "recording_needs_login"
        assert found.link
        assert found.path is None
        assert shelf.handed_over == [card_key]
        shelf.simulator.pbx.recordings.needs_login = False
        asked = await fetched_now(shelf, card_key)
        assert asked is RecordingState.READY


async def test_a_page_shown_for_a_moment_does_not_count(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        shelf.simulator.pbx.recordings.needs_login = True
        card_key = await shelf.save(shelf.talk())
        await shelf.until(lambda one: one.reason == "recording_needs_login", card_key, within_s=60.0)
        shelf.simulator.pbx.recordings.needs_login = False
        await shelf.ready(card_key, within_s=600.0)


async def test_a_redirect_to_strangers_is_not_followed(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        shelf.simulator.pbx.recordings.moved_to = "https://elsewhere.example.test/recording.mp3"
        card_key = await shelf.save(shelf.talk())
        found = await shelf.until(lambda one: one.reason == "recording_elsewhere", card_key, within_s=90.0)
        assert found.recording_state is RecordingState.NOT_YET


async def test_too_large_is_said_and_nothing_stays_on_the_disk(tmp_path: Path) -> None:
    # 600 seconds are 2.3 MB.
    async with shelf_world(tmp_path, max_mb=1) as shelf:
        found = await shelf.none(await shelf.save(shelf.talk(600.0), 600), within_s=120.0)
        assert found.reason == "recording_too_large"
        assert list(shelf.folder.iterdir()) == []


async def test_a_call_without_talk_or_without_wish_is_not_looked_for(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        call = shelf.talk()
        silent = await shelf.save(call, 0, key="silent")
        unwanted = await shelf.save(call, key="unwanted", wants=False)
        await shelf.pass_some(120.0)
        assert (await shelf.known(silent)).reason == "recording_not_talked"
        assert (await shelf.known(unwanted)).reason == "recording_not_wanted"
        assert shelf.asked("get.calls_report") == 0


async def test_a_call_that_was_not_recorded_is_known_not_to_be_after_two_hours(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        card_key = await shelf.save(shelf.talk(employee_id=2001), employee_id=2001)
        await shelf.pass_some(5000.0)
        assert (await shelf.known(card_key)).recording_state is RecordingState.NOT_YET
        found = await shelf.none(card_key, within_s=6000.0)
        assert found.reason == "recording_not_recorded"
        assert shelf.handed_over == [card_key]


async def test_what_never_comes_is_waited_for_as_long_as_the_settings_say(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(report_delay_s=10 * DAY_S), wait_h=3) as shelf:
        card_key = await shelf.save(shelf.talk())
        await shelf.pass_some(3 * 3600.0 - 400)
        assert (await shelf.known(card_key)).recording_state is RecordingState.NOT_YET
        found = await shelf.none(card_key, within_s=2 * 3600.0)
        assert found.reason == "recording_waited_long_enough"


async def test_without_rights_it_is_told_once_and_not_asked_again(tmp_path: Path) -> None:
    rights = frozenset({"get.calls_report", "get.call_legs_report"})
    async with shelf_world(tmp_path, SimulatorConfig(data_rights=rights)) as shelf:
        first = await shelf.save(shelf.talk())
        assert (await shelf.none(first, within_s=120.0)).reason == "recording_no_rights"
        asked = shelf.asked("get.calls_report")
        second = await shelf.save(shelf.talk(), key="second")
        assert (await shelf.none(second, within_s=120.0)).reason == "recording_no_rights"
        assert shelf.asked("get.calls_report") == asked
        assert [type(trouble) for trouble in shelf.troubles] == [RightsMissing]


async def test_one_report_without_rights_leaves_the_other(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(data_rights=frozenset({"get.calls_report"}))) as shelf:
        found = await shelf.ready(await shelf.save(shelf.talk()))
        assert found.size == len(mp3_of(60.0))


async def test_used_up_points_are_waited_for(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(data_minute_limit=5)) as shelf:
        account = shelf.simulator.account
        with pytest.raises(LimitExceeded):
            for _ in range(10):
                await shelf.reports.legs_of(EmployeeId(RECORDED), shelf.clock.now(), shelf.clock.now())
        asked = shelf.asked("get.calls_report")
        card_key = await shelf.save(shelf.talk(0.5), 1)
        await shelf.pass_some(25.0)
        assert shelf.asked("get.calls_report") == asked
        assert account.data_points is not None
        await shelf.ready(card_key, within_s=300.0)


async def test_a_download_that_breaks_off_is_begun_again(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        shelf.simulator.faults.add(ResetMidReply(), face="media", times=4)
        found = await shelf.ready(await shelf.save(shelf.talk()), within_s=1200.0)
        assert found.size == len(mp3_of(60.0))
        assert [path.suffix for path in shelf.folder.iterdir()] == [".mp3"]


class _FullDisk(io.BytesIO):
    """Takes nothing, as a full disk does."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_is_told_retried_and_loses_nothing(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("disk_full")
    is_full = [True]

    def open_part(path: Path) -> IO[bytes]:
        file = open_private(path)
        if not is_full[0]:
            return file
        file.close()
        return _FullDisk()

    async with shelf_world(tmp_path, open_part=open_part) as shelf:
        card_key = await shelf.save(shelf.talk())
        await shelf.pass_some(60.0)
        assert [trouble and trouble.code for trouble in shelf.troubles] == ["disk_full"]
        assert isinstance(shelf.recordings.trouble, NotSaved)
        assert (await shelf.known(card_key)).recording_state is RecordingState.NOT_YET
        assert list(shelf.folder.iterdir()) == []
        is_full[0] = False
        await shelf.ready(card_key, within_s=300.0)
        assert [trouble and trouble.code for trouble in shelf.troubles] == ["disk_full", None]


async def test_a_file_that_was_cut_or_cleared_away_is_fetched_again(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        card_key = await shelf.save(shelf.talk())
        found = await shelf.ready(card_key)
        assert found.path is not None
        found.path.write_bytes(found.path.read_bytes()[:1000])
        assert (await shelf.known(card_key)).reason == "recording_looked_for"
        again = await shelf.ready(card_key)
        assert again.path is not None
        again.path.unlink()
        assert (await shelf.known(card_key)).recording_state is RecordingState.NOT_YET
        assert (await shelf.ready(card_key)).size == len(mp3_of(60.0))


async def _record_sent(shelf: Shelf, card_key: str) -> None:
    for name, ids in (("finish", {"call_id": "1"}), ("record", {"file_id": "77"})):
        change = StepChange(StepState.DONE, receipt=StepReceipt(ids), is_settled=True)
        await shelf.store.change(StepKey(card_key, "bitrix24", name), change)
    shelf.recordings.note_card(card_key)


async def test_the_file_stays_until_a_file_id_is_stored_and_a_day_longer(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Simulator(None, clock) as simulator:
        async with open_shelf(tmp_path, simulator, clock) as shelf:
            card_key = await shelf.save(shelf.talk())
            await shelf.ready(card_key)
            await shelf.pass_some(2 * DAY_S)
            assert (await shelf.known(card_key)).recording_state is RecordingState.READY
        async with open_shelf(tmp_path, simulator, clock) as shelf:
            assert (await shelf.known(card_key)).path is not None
            await _record_sent(shelf, card_key)
            await shelf.pass_some(DAY_S - 700)
            assert (await shelf.known(card_key)).path is not None
        async with open_shelf(tmp_path, simulator, clock) as shelf:
            await shelf.pass_some(1500.0)
            gone = await shelf.known(card_key)
            assert (gone.path, gone.reason) == (None, "recording_removed")
            await until(lambda: not list(shelf.folder.iterdir()), what="the file to go")


async def test_a_cache_that_was_cleared_away_is_made_anew(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        await shelf.ready(await shelf.save(shelf.talk()))
        shutil.rmtree(shelf.folder)
        found = await shelf.ready(await shelf.save(shelf.talk()), within_s=600.0)
        assert found.path is not None
        assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
        assert shelf.troubles == []


async def test_a_card_restored_after_its_file_was_removed_gets_it_again(tmp_path: Path) -> None:
    """Its step would wait for ever for what nobody looks for any more."""
    async with shelf_world(tmp_path) as shelf:
        card_key = await shelf.save(shelf.talk())
        await shelf.ready(card_key)
        assert await shelf.store.discard(card_key, shelf.clock.now())
        shelf.recordings.note_card(card_key)
        await shelf.until(lambda found: found.path is None, card_key, within_s=2 * DAY_S)
        assert list(shelf.folder.iterdir()) == []
        await shelf.pass_some(7200.0)
        assert (await shelf.known(card_key)).path is None
        assert await shelf.store.restore(card_key, shelf.clock.now())
        shelf.recordings.note_card(card_key)
        found = await shelf.ready(card_key, within_s=7200.0)
        assert found.path is not None
        assert found.path.read_bytes() == mp3_of(60.0)


async def test_a_card_taken_back_in_time_keeps_its_file(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        card_key = await shelf.save(shelf.talk())
        await shelf.ready(card_key)
        assert await shelf.store.discard(card_key, shelf.clock.now())
        shelf.recordings.note_card(card_key)
        await shelf.pass_some(3600.0)
        assert await shelf.store.restore(card_key, shelf.clock.now())
        shelf.recordings.note_card(card_key)
        downloads = shelf.asked("get.calls_report")
        await shelf.pass_some(2 * DAY_S)
        assert (await shelf.known(card_key)).path is not None
        assert shelf.asked("get.calls_report") == downloads


async def test_a_removed_recording_can_be_fetched_to_listen_to_it(tmp_path: Path) -> None:
    async with shelf_world(tmp_path) as shelf:
        card_key = await shelf.save(shelf.talk())
        await shelf.ready(card_key)
        await _record_sent(shelf, card_key)
        await shelf.pass_some(DAY_S + 1200)
        assert (await shelf.known(card_key)).path is None
        assert await fetched_now(shelf, card_key) is RecordingState.READY


async def test_what_a_dead_run_left_is_taken_up_again(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Simulator(SimulatorConfig(recording_ready_after_s=400.0), clock) as simulator:
        async with open_shelf(tmp_path, simulator, clock) as shelf:
            looked_for = await shelf.save(shelf.talk())
            await shelf.pass_some(60.0)
        (tmp_path / "recordings" / "left.part").write_bytes(b"half")
        async with open_shelf(tmp_path, simulator, clock, is_connected=False) as shelf:
            # Saved, and the program died before anybody heard of it.
            unheard = await shelf.save(shelf.talk(), key="unheard", tells=False)
            assert await shelf.rows.row(unheard) is None
        async with open_shelf(tmp_path, simulator, clock) as shelf:
            await shelf.ready(looked_for, within_s=2000.0)
            await shelf.ready(unheard, within_s=2000.0)
            assert sorted(path.suffix for path in shelf.folder.iterdir()) == [".mp3", ".mp3"]


async def test_fetch_now_waits_for_no_turn(tmp_path: Path) -> None:
    async with shelf_world(tmp_path, SimulatorConfig(recording_ready_after_s=0.0)) as shelf:
        card_key = await shelf.save(shelf.talk(), wants=False)
        assert await fetched_now(shelf, card_key) is RecordingState.READY


async def test_fetch_now_without_anybody_to_ask_comes_back(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Simulator(None, clock) as simulator, open_shelf(tmp_path, simulator, clock, is_connected=False) as shelf:
        card_key = await shelf.save(shelf.talk())
        assert await fetched_now(shelf, card_key) is RecordingState.NOT_YET


async def fetched_now(shelf: Shelf, card_key: str) -> RecordingState:
    """`fetch_now` while the time goes by."""
    fetching = asyncio.ensure_future(shelf.recordings.fetch_now(card_key))
    while not fetching.done():
        await shelf.pass_some(1.0)
    return (await fetching).recording_state
