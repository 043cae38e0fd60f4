"""What follows a call, put together: the shelf of recordings, and the look for calls nobody saw. Decides nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.background import DaemonWorker
from app.board import CallBoard
from app.clock import Clock
from app.database import Database
from app.http import HttpSession
from app.http.download import FileDownloads
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.known_parts import KnownParts
from app.services.recording_files import RecordingFiles
from app.services.recording_rows import RecordingRows
from app.services.recordings import Recordings
from app.services.unseen_calls import UnseenCalls, UnseenDesk
from app.services.unseen_memory import UnseenMemory
from app.services.wrap_up import Desk, WrapUp
from app.settings import Settings

RECORDINGS_FOLDER = "recordings"


def build_recordings(
    database: Database, store: OutboxStore, worker: OutboxWorker, http: HttpSession, clock: Clock, cache_dir: Path
) -> Recordings:
    """Large files are written on a thread of their own."""
    files = DaemonWorker("recordings")
    return Recordings(
        RecordingRows(database),
        store,
        clock,
        RecordingFiles(cache_dir / RECORDINGS_FOLDER, files),
        FileDownloads(http, files),
        hand_over=worker.wake,
    )


def build_unseen_calls(database: Database, board: CallBoard, wrap_up: WrapUp, clock: Clock) -> UnseenCalls:
    known, memory = KnownParts(database), UnseenMemory(database)
    return UnseenCalls(known, memory, board, clock, offer=wrap_up.offer, guessed=wrap_up.guessed)


def unseen_desk_of(settings: Settings, desk: Desk) -> UnseenDesk:
    """Whose calls are looked for, how often and how far back."""
    card = settings.card
    return UnseenDesk(desk.pbx_host, desk.me, card.look_for_missed_every_s, timedelta(hours=card.look_back_h))
