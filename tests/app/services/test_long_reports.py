"""Reports of more calls than are read at a time: nothing of them is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.services.unseen_world import facts_by, open_office


async def test_a_report_longer_than_is_read_at_a_time_is_read_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a report nobody could read to its end calls would be missing for ever: how far it was read moves on."""
    monkeypatch.setattr("app.uis.data_client.PAGE", 5)
    monkeypatch.setattr("app.uis.data_client.PAGES_CAP", 2)
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        calls = [office.talk(600.0) for _ in range(24)]
        office.clock.advance(600.0)
        async with office.console() as services:
            assert services.unseen_calls.trouble is None
            assert sorted(one for one, _ in facts_by(services)) == calls


async def test_what_cannot_be_read_whole_is_told_and_counts_as_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(tmp_path) as office:
        async with office.console():
            pass
        calls = [office.talk(0.1, rings_s=0.1) for _ in range(24)]
        office.clock.advance(600.0)
        with monkeypatch.context() as short:
            short.setattr("app.uis.data_client.PAGE", 5)
            short.setattr("app.uis.data_client.PAGES_CAP", 2)
            async with office.console() as services:
                trouble = services.unseen_calls.trouble
                assert trouble is not None
                assert trouble.code == "report_too_long"
                assert facts_by(services) == []
        office.clock.advance(3600.0)
        async with office.console() as services:
            assert sorted(one for one, _ in facts_by(services)) == calls
