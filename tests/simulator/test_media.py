"""The simulated hosts of recordings: when one is there, how it grows, who gets a page instead."""

from __future__ import annotations

import io
import wave

from app.simulator.config import SimulatorConfig
from app.simulator.pbx.recordings import MP3_FRAME, mp3_of, wav_of
from tests.simulator.crm_client import Answer, ask
from tests.simulator.pbx_client import RECORDED, PbxDesk, pbx_desk


async def fetch(desk: PbxDesk, path: str) -> Answer:
    return await ask(int(desk.simulator.media_url.rsplit(":", 1)[1]), "GET", path)


def over(desk: PbxDesk, employee_id: int = RECORDED) -> int:
    call = desk.talk(employee_id=employee_id)
    desk.simulator.advance(30.0)
    desk.world.hang_up(call, "contact")
    return call


def test_the_sounds_are_what_they_say() -> None:
    with wave.open(io.BytesIO(wav_of(2.0))) as sound:
        assert sound.getnframes() / sound.getframerate() == 2.0
    sound_bytes = mp3_of(10.0)
    frames = [sound_bytes[at : at + len(MP3_FRAME)] for at in range(0, len(sound_bytes), len(MP3_FRAME))]
    assert {frame[:2] for frame in frames} == {b"\xff\xfb"}
    assert abs(len(frames) * 1152 / 44_100 - 10.0) < 0.05


async def test_a_recording_comes_some_time_after_the_call_and_grows() -> None:
    config = SimulatorConfig(has_virtual_clock=True, recording_ready_after_s=20.0, recording_written_for_s=40.0)
    async with pbx_desk(config) as desk:
        call = over(desk)
        path = f"/{call}/{call:032x}"
        assert (await fetch(desk, path)).http_status == 404
        sizes = []
        for _ in range(4):
            desk.simulator.advance(20.0)
            sizes.append(len((await fetch(desk, path)).raw))
        assert sizes == sorted(sizes)
        assert sizes[0] < sizes[1] < sizes[2] == sizes[3]
        assert (await fetch(desk, f"/system/media/talk/{call}/{call:032x}/")).http_status == 200
        assert (await fetch(desk, f"/system/media/wav/{call}/{call:032x}/")).raw[:4] == b"RIFF"


async def test_what_was_not_recorded_is_not_there_and_a_login_gives_a_page() -> None:
    async with pbx_desk() as desk:
        silent, call = over(desk, 2001), over(desk)
        desk.simulator.advance(60.0)
        assert (await fetch(desk, f"/{silent}/{silent:032x}")).http_status == 404
        assert (await fetch(desk, "/1/2")).http_status == 404
        desk.world.recordings.needs_login = True
        page = await fetch(desk, f"/{call}/{call:032x}")
        assert (page.http_status, page.raw[:15]) == (200, b"<!DOCTYPE html>")
