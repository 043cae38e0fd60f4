"""telephony.externalCall.attachRecord over real HTTP: three modes, the upload address, every refusal."""

from __future__ import annotations

import base64

import pytest

from tests.simulator.crm_client import USER_ID, Answer, CrmWorld, ask, crm_world

ATTACH = "telephony.externalCall.attachRecord"
SOUND = bytes(range(256)) + b"\r\n--not-the-boundary\r\n\r\n"
BOUNDARY = "b0undary"


async def finished_call(world: CrmWorld, external: str = "pult-1", start: str = "2026-03-02T09:00:00+03:00") -> str:
    call_id = (
        await world.result(
            "telephony.externalCall.register",
            USER_ID=USER_ID,
            PHONE_NUMBER="+79062195047",
            TYPE=2,
            CALL_START_DATE=start,
            EXTERNAL_CALL_ID=external,
        )
    )["CALL_ID"]
    await world.result("telephony.externalCall.finish", CALL_ID=call_id, USER_ID=USER_ID, DURATION=5)
    return str(call_id)


async def upload(world: CrmWorld, url: str, file_name: str, content: bytes, field_name: str = "file") -> Answer:
    body = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        f'name="{field_name}"; filename="{file_name}"\r\nContent-Type: audio/mpeg\r\n\r\n'
    ).encode()
    body += content + f"\r\n--{BOUNDARY}--\r\n".encode()
    target = url.removeprefix(f"http://127.0.0.1:{world.bitrix_port}")
    assert target.startswith("/rest/upload.json?")
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await ask(world.bitrix_port, "POST", target, body, headers)


async def test_inline_content_becomes_the_record() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        content = base64.b64encode(SOUND).decode()
        result = await world.result(ATTACH, CALL_ID=call_id, FILENAME="one.mp3", FILE_CONTENT=content)
        (record,) = world.portal.records
        assert result == {"FILE_ID": record.file_id}
        assert record.content == SOUND
        assert world.portal.statistics[0].record_file_id == record.file_id
        assert world.journal.entries_of(ATTACH)[0].params["FILE_CONTENT"] == f"<{len(content)} characters>"


async def test_the_upload_address_takes_the_file_byte_for_byte_under_the_parts_own_name() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        promised = await world.result(ATTACH, CALL_ID=call_id, FILENAME="promised.mp3")
        assert promised["fieldName"] == "file"
        assert world.portal.records == []
        answer = await upload(world, promised["uploadUrl"], "real.wav", SOUND)
        (record,) = world.portal.records
        assert answer.body["result"] == {"FILE_ID": record.file_id}
        assert (record.file_name, record.content, record.call_id) == ("real.wav", SOUND, call_id)


async def test_the_upload_address_never_reaches_the_journal() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        promised = await world.result(ATTACH, CALL_ID=call_id, FILENAME="one.mp3")
        token = promised["uploadUrl"].rpartition("%7C")[2]
        await upload(world, promised["uploadUrl"], "one.mp3", SOUND)
        written = repr(world.journal.entries)
        assert token in promised["uploadUrl"]
        assert token not in written
        assert "one.mp3" in written


async def test_an_upload_address_dies_after_an_hour() -> None:
    async with crm_world() as world:
        promised = await world.result(ATTACH, CALL_ID=await finished_call(world), FILENAME="one.mp3")
        world.clock.advance(3600)
        assert (await upload(world, promised["uploadUrl"], "one.mp3", SOUND)).http_status == 401
        assert world.portal.records == []


@pytest.mark.parametrize(
    ("file_name", "content", "field_name", "description"),
    [
        ("one.webm", SOUND, "file", "Wrong file extension. Only wav and mp3 are allowed"),
        ("one.MP3", SOUND, "file", "Wrong file extension. Only wav and mp3 are allowed"),
        ("", SOUND, "file", "File name is empty"),
        ("one.mp3", b"", "file", "File content is empty."),
        ("one.mp3", SOUND, "other", "File content is empty."),
    ],
)
async def test_an_upload_checks_the_part_it_got(
    file_name: str, content: bytes, field_name: str, description: str
) -> None:
    async with crm_world() as world:
        promised = await world.result(ATTACH, CALL_ID=await finished_call(world), FILENAME="one.mp3")
        answer = await upload(world, promised["uploadUrl"], file_name, content, field_name)
        assert (answer.http_status, answer.body["error_description"]) == (400, description)
        assert world.portal.records == []


async def test_a_link_is_fetched_by_the_portal_and_wins_over_the_other_modes() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        world.portal.fetch = {"https://records.example.test/a.mp3": (200, SOUND)}.__getitem__
        await world.result(
            ATTACH,
            CALL_ID=call_id,
            RECORD_URL="https://records.example.test/a.mp3",
            FILENAME="b.mp3",
            FILE_CONTENT="!",
        )
        assert (world.portal.records[0].file_name, world.portal.records[0].content) == ("b.mp3", SOUND)


async def test_a_link_without_a_name_gives_its_own() -> None:
    async with crm_world() as world:
        world.portal.fetch = lambda _url: (200, SOUND)
        call_id = await finished_call(world)
        await world.result(ATTACH, CALL_ID=call_id, RECORD_URL="https://records.example.test/x/a.wav?sig=1")
        assert world.portal.records[0].file_name == "a.wav"


REFUSALS: list[tuple[dict[str, object], str]] = [
    ({}, "Required parameters are not set. Request should contain either URL or FILENAME parameter"),
    ({"FILENAME": ""}, "File name is empty"),
    ({"FILENAME": "a.flac", "FILE_CONTENT": "AAAA"}, "Wrong file extension. Only wav and mp3 are allowed"),
    ({"FILENAME": "a.mp3", "FILE_CONTENT": ""}, "File content is empty."),
    (
        {"FILENAME": "a.mp3", "FILE_CONTENT": "data:audio/mpeg;base64,AAAA"},
        "File content is not properly encoded. Base64 encoding is expected.",
    ),
    ({"RECORD_URL": "https://records.example.test/none.mp3"}, "Server returns HTTP error code 404"),
    # an empty link still means link mode
    ({"RECORD_URL": "", "FILENAME": "a.mp3", "FILE_CONTENT": "AAAA"}, "Server returns HTTP error code 0"),
]


@pytest.mark.parametrize(("sent", "description"), REFUSALS)
async def test_a_bad_record_is_refused_with_the_vendors_words(sent: dict[str, object], description: str) -> None:
    async with crm_world() as world:
        answer = await world.rest(ATTACH, {"CALL_ID": await finished_call(world), **sent})
        assert (answer.http_status, answer.body["error"]) == (400, "ERROR_CORE")
        assert answer.body["error_description"] == description
        assert world.portal.records == []


async def test_an_open_call_is_not_in_the_statistics_yet() -> None:
    async with crm_world() as world:
        answer = await world.rest(ATTACH, CALL_ID="externalCall.none.1", FILENAME="a.mp3")
        assert answer.body["error_description"] == (
            "Call is not found in the statistic table. It looks like it is not finished yet."
        )


async def test_a_repeat_replaces_the_record_of_the_call() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        for file_name in ("try-1.mp3", "try-2.mp3"):
            await world.result(ATTACH, CALL_ID=call_id, FILENAME=file_name, FILE_CONTENT="AAAA")
        assert [record.file_name for record in world.portal.records] == ["try-2.mp3"]


@pytest.mark.parametrize(("other_start", "http_status"), [("2026-03-31", 400), ("2026-02-28", 200)])
async def test_a_file_name_is_taken_once_a_month_of_the_call(other_start: str, http_status: int) -> None:
    async with crm_world() as world:
        first = await finished_call(world)
        other = await finished_call(world, "pult-2", f"{other_start}T12:00:00+03:00")
        await world.result(ATTACH, CALL_ID=first, FILENAME="same.mp3", FILE_CONTENT="AAAA")
        answer = await world.rest(ATTACH, CALL_ID=other, FILENAME="same.mp3", FILE_CONTENT="AAAA")
        assert answer.http_status == http_status
