"""An outbox store whose process stops for ever right before or after one commit, so that only the disk is left."""

from __future__ import annotations

import asyncio
from datetime import datetime

from app.database import Database
from app.outbox.entry import OutboxCard
from app.outbox.store import OutboxStore, StepChange, StepKey


class CrashingStore(OutboxStore):
    """`crash`: such as "bitrix24 finish before claim"; it happens once per file. Until the next start nothing goes on
    that waits for this store."""

    crashed_files: set[str] = set()  # noqa: RUF012  shared by the lives of one file on purpose

    def __init__(self, database: Database, crash: str) -> None:
        super().__init__(database)
        self._crash = "" if str(database.path) in self.crashed_files else crash
        self.has_crashed = False

    async def claim(self, step_key: StepKey, now: datetime) -> OutboxCard | None:
        await self._perhaps(step_key, "before claim")
        claimed = await super().claim(step_key, now)
        await self._perhaps(step_key, "after claim")
        return claimed

    async def change(self, step_key: StepKey, change: StepChange) -> None:
        await self._perhaps(step_key, "before receipt")
        await super().change(step_key, change)
        await self._perhaps(step_key, "after receipt")

    async def _perhaps(self, step_key: StepKey, moment: str) -> None:
        if self.has_crashed or self._crash == f"{step_key.crm_name} {step_key.name} {moment}":
            self.has_crashed = True
            self.crashed_files.add(str(self._database.path))
            await asyncio.get_running_loop().create_future()
