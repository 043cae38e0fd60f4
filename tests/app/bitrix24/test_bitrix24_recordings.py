"""The step `record` against a simulated portal: three ways to attach, every try under a name of its own."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.bitrix24 import mapping, wire
from app.bitrix24.adapter import Bitrix24Crm, PortalHabits, plan_steps
from app.bitrix24.recordings import INLINE_BYTES
from app.crm.port import CardProgress, StepReceipt
from app.errors import NotYet, OutcomeUnknown, PultError, Refused, RightsMissing, SignInRefused
from app.integrations import plan_steps as plan_for_settings
from app.logs import set_up_logging
from app.settings import parse_settings
from app.simulator.faults import Fault, HtmlPage, HttpError, LoseReply, Mutate, ResetMidReply
from tests.app.bitrix24.portal_world import CARD_KEY, PortalWorld, portal_world
from tests.app.bitrix24.shelf import Shelf
from tests.helpers.clock import FakeClock

SMALL = b"ID3" + bytes(range(256)) * 40
LARGE = bytes(range(256)) * (INLINE_BYTES // 256 + 4)
UPLOAD = "upload"
LINK = "https://records.example.test/x/call.wav?sig=1"


@asynccontextmanager
async def finished(
    folder: Path, *, links: bool = False, clock: FakeClock | None = None
) -> AsyncIterator[tuple[PortalWorld, Shelf, CardProgress]]:
    """A portal with one finished call, and what its record step is given."""
    shelf = Shelf(folder)
    async with portal_world(shelf=shelf, habits=PortalHabits(links_recordings=links), clock=clock) as world:
        registered = await world.crm.perform("register", world.card(), CardProgress())
        done = {"register": registered}
        done["finish"] = await world.crm.perform("finish", world.card(), CardProgress(done))
        yield world, shelf, CardProgress(done)


async def attach(world: PortalWorld, progress: CardProgress, attempt: int = 1) -> StepReceipt:
    return await world.crm.perform("record", world.card(), replace(progress, attempt=attempt))


async def test_a_recording_has_a_lane_of_its_own_and_waits_for_the_finish() -> None:
    async with portal_world() as world:
        *others, record = plan_steps(replace(world.card(), wants_recording=True))
        assert (record.name, record.lane, record.requires) == ("record", "record", "finish")
        assert [(step.name, step.lane) for step in others] == [("register", ""), ("finish", ""), ("note", "")]
        assert plan_steps(replace(world.card(), wants_recording=False)) == tuple(others)


async def test_a_small_recording_goes_inside_the_request(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, SMALL)
        receipt = await attach(world, progress)
        (record,) = world.portal.records
        assert receipt.ids["file_id"] == str(record.file_id)
        assert record.content == SMALL
        assert record.file_name == f"{CARD_KEY}-1.mp3"
        assert world.sent(UPLOAD) == 0


async def test_a_large_recording_is_uploaded_in_two_steps_byte_for_byte(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, LARGE, suffix=".WAV")
        receipt = await attach(world, progress)
        (record,) = world.portal.records
        assert receipt.ids["file_id"] == str(record.file_id)
        assert record.content == LARGE
        # Only lower-case extensions are taken.
        assert record.file_name == f"{CARD_KEY}-1.wav"
        (asked,) = world.journal.entries_of(wire.ATTACH_RECORD)
        assert set(asked.params) == {"CALL_ID", "FILENAME"}


async def test_a_link_is_sent_where_the_administrator_chose_it(tmp_path: Path) -> None:
    async with finished(tmp_path, links=True) as (world, shelf, progress):
        world.portal.fetch = lambda _url: (200, SMALL)
        shelf.put_link(CARD_KEY, LINK)
        assert "file_id" in (await attach(world, progress)).ids
        (asked,) = world.journal.entries_of(wire.ATTACH_RECORD)
        assert (asked.params["RECORD_URL"], asked.params["FILENAME"]) == (LINK, f"{CARD_KEY}-1.wav")


async def test_without_a_link_the_file_is_sent_and_no_empty_link(tmp_path: Path) -> None:
    async with finished(tmp_path, links=True) as (world, shelf, progress):
        shelf.put(CARD_KEY, SMALL)
        assert "file_id" in (await attach(world, progress)).ids
        assert "RECORD_URL" not in world.journal.entries_of(wire.ATTACH_RECORD)[0].params


async def test_a_link_is_not_sent_where_nobody_chose_it(tmp_path: Path) -> None:
    """Negative control: the PBX's address stays with us."""
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, SMALL, link=LINK)
        await attach(world, progress)
        assert LINK not in repr(world.journal.entries)


async def test_a_link_the_portal_cannot_fetch_is_parked_with_its_own_code(tmp_path: Path) -> None:
    async with finished(tmp_path, links=True) as (world, shelf, progress):
        for link in (LINK, "https://10.0.0.5/call.mp3"):
            shelf.put_link(CARD_KEY, link)
            with pytest.raises(Refused, match="recording_link_not_fetched"):
                await attach(world, progress)


async def test_a_recording_that_is_looked_for_is_waited_for_and_nothing_is_sent(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        with pytest.raises(NotYet, match="recording_not_ready"):
            await attach(world, progress)
        assert shelf.asked == 1
        assert world.sent(wire.ATTACH_RECORD) == 0


async def test_a_recording_planned_before_they_were_switched_off_is_not_sent(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, SMALL)
        off = Bitrix24Crm(world.rest, habits=PortalHabits(sends_recordings=False), shelf=shelf)
        assert dict((await off.perform("record", world.card(), progress)).ids) == {"recording": "off"}
        assert world.sent(wire.ATTACH_RECORD) == 0


@pytest.mark.parametrize(("way", "planned"), [("upload", True), ("link", True), ("off", False)])
async def test_no_step_is_planned_for_recordings_that_are_off(way: str, planned: bool) -> None:
    settings = parse_settings(f'[bitrix24]\nrecording = "{way}"'.encode())
    async with portal_world() as world:
        steps = plan_for_settings(settings, replace(world.card(), wants_recording=True))
        assert ("record" in [step.name for step in steps]) is planned


async def test_no_recording_is_an_end_too(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put_none(CARD_KEY)
        assert dict((await attach(world, progress)).ids) == {"recording": "none"}
        assert world.sent(wire.ATTACH_RECORD) == 0


@pytest.mark.parametrize("content", [SMALL, LARGE])
async def test_a_file_that_is_still_written_is_not_sent(tmp_path: Path, content: bytes) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, content, size=len(content) + 1)
        with pytest.raises(NotYet, match="recording_not_ready"):
            await attach(world, progress)
        assert world.portal.records == []


async def test_a_file_that_is_gone_or_no_sound_is_parked(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, SMALL).unlink()
        with pytest.raises(Refused, match="recording_unreadable"):
            await attach(world, progress)
        shelf.put(CARD_KEY, SMALL, suffix=".webm")
        with pytest.raises(Refused, match="recording_wrong_format"):
            await attach(world, progress)
        assert world.sent(wire.ATTACH_RECORD) == 0


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["inline", "upload"])
@pytest.mark.parametrize(
    "fault", [LoseReply(), ResetMidReply(), HttpError(500), HtmlPage(504), Mutate(change=lambda _: b'{"result":{}}')]
)
async def test_after_an_unknown_outcome_the_repeat_replaces_under_another_name(
    tmp_path: Path, content: bytes, fault: Fault
) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, content)
        world.faults.add(fault, operation=wire.ATTACH_RECORD if content is SMALL else UPLOAD)
        with pytest.raises(OutcomeUnknown):
            await attach(world, progress)
        assert world.crm.repeat_is_safe("record")
        receipt = await attach(world, progress, attempt=2)
        (record,) = world.portal.records
        assert (record.file_name, record.content) == (f"{CARD_KEY}-2.mp3", content)
        assert receipt.ids["file_id"] == str(record.file_id)


async def test_a_recording_only_in_the_statistics_reaches_the_activity_by_the_repeat(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, SMALL)
        world.portal.attach_dies_times = 1
        with pytest.raises(OutcomeUnknown):
            await attach(world, progress)
        assert world.portal.activities[0].record_file_id is None
        receipt = await attach(world, progress, attempt=2)
        assert str(world.portal.activities[0].record_file_id) == receipt.ids["file_id"]


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["inline", "upload"])
async def test_a_name_the_portal_has_already_is_replaced_by_another(tmp_path: Path, content: bytes) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, content)
        await attach(world, progress)
        # The same try again: its number was lost.
        await attach(world, progress)
        (record,) = world.portal.records
        assert record.file_name.startswith(f"{CARD_KEY}-1-")


async def test_one_name_twice_would_be_refused(tmp_path: Path) -> None:
    """Negative control of the name."""
    async with finished(tmp_path) as (world, _shelf, progress):
        call_id = progress.receipts["register"].ids["call_id"]
        await world.client.attach_content(call_id, "same.mp3", SMALL)
        with pytest.raises(Refused, match="file_name_taken"):
            await world.client.attach_content(call_id, "same.mp3", SMALL)


async def test_an_upload_address_that_has_run_out_is_asked_for_again(tmp_path: Path) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, LARGE)
        expired = b'{"error":"expired_token","error_description":"The access token provided has expired."}'
        world.faults.add(HttpError(401, expired, content_type="application/json"), operation=UPLOAD)
        assert "file_id" in (await attach(world, progress)).ids
        assert world.sent(wire.ATTACH_RECORD) == 2


@pytest.mark.parametrize(("http_status", "tries"), [(401, 2), (403, 1)])
async def test_an_upload_that_is_refused_parks_the_recording_and_pauses_nothing(
    tmp_path: Path, http_status: int, tries: int
) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, LARGE)
        world.faults.add(HttpError(http_status, b"<html>Forbidden</html>"), operation=UPLOAD, times=None)
        with pytest.raises(Refused, match="http_refused") as caught:
            await attach(world, progress)
        assert not isinstance(caught.value, SignInRefused | RightsMissing)
        assert world.sent(UPLOAD) == tries


async def test_our_own_access_refused_pauses_as_everywhere(tmp_path: Path) -> None:
    """Negative control."""
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, LARGE)
        world.faults.add(HttpError(401), operation=wire.ATTACH_RECORD)
        with pytest.raises(SignInRefused):
            await attach(world, progress)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.test/rest/upload.json?auth=a&token=b",
        "http://portal.example.test/rest/upload.json?auth=a&token=b",
        "file:///etc/passwd",
        "https://[broken",
    ],
)
async def test_an_upload_address_that_is_not_the_portals_gets_nothing(tmp_path: Path, address: str) -> None:
    async with finished(tmp_path) as (world, shelf, progress):
        shelf.put(CARD_KEY, LARGE)
        told = f'{{"result":{{"uploadUrl":"{address}","fieldName":"file"}}}}'.encode()
        world.faults.add(Mutate(change=lambda _body: told), operation=wire.ATTACH_RECORD)
        with pytest.raises(Refused, match="upload_address_refused") as caught:
            await attach(world, progress)
        assert "evil" not in repr(caught.value) + str(caught.value.params)
        assert world.sent(UPLOAD) == 0


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("https://example.bitrix24.ru/rest/upload.json?a=1", True),
        ("https://EXAMPLE.bitrix24.ru/rest/upload.json?a=1", True),
        ("http://example.bitrix24.ru/rest/upload.json?a=1", False),
        ("https://example.bitrix24.ru.evil.test/rest/upload.json", False),
        ("https://evil.test/@example.bitrix24.ru", False),
        ("https://example.bitrix24.ru@evil.test/", False),
        ("http://127.0.0.1/rest/upload.json", False),
    ],
)
def test_only_the_portals_own_host_over_https_is_its_own(url: str, is_own: bool) -> None:
    address = wire.UploadAddress("file", url)
    assert mapping.is_of_portal(address, "https://example.bitrix24.ru") is is_own
    assert url not in repr(address)


async def test_the_portals_time_for_attaching_holds_up_the_recording_and_nothing_else(tmp_path: Path) -> None:
    clock = FakeClock()
    async with finished(tmp_path, clock=clock) as (world, shelf, progress):
        world.portal.switches.limit_operating = True
        world.portal.operating.costs_s[wire.ATTACH_RECORD] = 440.0
        shelf.put(CARD_KEY, SMALL)
        await attach(world, progress)
        sent = world.sent(wire.ATTACH_RECORD)
        with pytest.raises(NotYet, match="operation_time_limit") as caught:
            await attach(world, progress, attempt=2)
        # Held back on this side: the portal was not even asked.
        assert world.sent(wire.ATTACH_RECORD) == sent
        assert 0 < caught.value.retry_in_s <= 600
        await world.crm.list_currencies()
        clock.advance(caught.value.retry_in_s)
        assert "file_id" in (await attach(world, progress, attempt=2)).ids


async def test_a_method_that_others_used_up_is_left_alone_until_the_portal_says(tmp_path: Path) -> None:
    clock = FakeClock()
    async with finished(tmp_path, clock=clock) as (world, shelf, progress):
        world.portal.switches.limit_operating = True
        shelf.put(CARD_KEY, SMALL)
        world.portal.operating.costs_s[wire.ATTACH_RECORD] = 500.0
        world.portal.operating.charge(wire.ATTACH_RECORD, [])
        with pytest.raises(NotYet, match="operation_time_limit") as caught:
            await attach(world, progress)
        assert [entry.outcome for entry in world.journal.entries_of(wire.ATTACH_RECORD)] == [
            "error:OPERATION_TIME_LIMIT"
        ]
        clock.advance(caught.value.retry_in_s - 1)
        with pytest.raises(NotYet):
            await attach(world, progress)
        clock.advance(1)
        world.portal.operating.costs_s.clear()
        assert "file_id" in (await attach(world, progress)).ids


async def test_the_upload_address_is_in_no_log_no_error_and_no_repr(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    talker = logging.getLogger("httpx")
    level_before = talker.level
    log = set_up_logging(tmp_path / "logs", logging.DEBUG)
    # Not even where somebody makes httpx talk: it prints whole addresses.
    talker.setLevel(logging.DEBUG)
    try:
        async with finished(tmp_path) as (world, shelf, progress):
            shelf.put(CARD_KEY, LARGE)
            seen = await failures_of_uploading(world, progress)
            secrets = [secret for token in world.portal.upload_tokens for secret in (token, _auth_of(world, token))]
    finally:
        log.close()
        talker.setLevel(level_before)
    written = (tmp_path / "logs" / "pult.log").read_text(encoding="utf-8")
    assert len(secrets) == 6
    assert "/rest/upload.json" in written
    assert [secret for secret in secrets if secret in written + seen] == []
    # Negative control: what httpx says before it is cleaned.
    assert any(secret in caplog.text for secret in secrets)


async def failures_of_uploading(world: PortalWorld, progress: CardProgress) -> str:
    """All that errors tell after three ways to fail."""
    seen = [repr(world.rest), repr(world.client), repr(world.crm)]
    for fault in (LoseReply(), HttpError(500), HttpError(400, b'{"error":"","error_description":"no"}')):
        world.faults.add(fault, operation=UPLOAD)
        with pytest.raises(PultError) as caught:
            await attach(world, progress)
        error = caught.value
        seen.append(f"{error!r} {error.params} {error.__cause__!r} {error.__context__!r}")
        seen.append("".join(traceback.format_exception(error)))
    return " ".join(seen)


def _auth_of(world: PortalWorld, token: str) -> str:
    return world.portal.upload_tokens[token].auth
