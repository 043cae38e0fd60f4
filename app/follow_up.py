"""What follows a call, put together: the shelf of recordings, and the look for calls nobody saw. Decides nothing."""

from __future__ import annotations

from pathlib import Path

from app.background import DaemonWorker
from app.clock import Clock
from app.database import Database
from app.http import HttpSession
from app.http.download import FileDownloads
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.recording_files import RecordingFiles
from app.services.recording_rows import RecordingRows
from app.services.recordings import Recordings

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
