"""The account's lists for everybody: there at once, completed from the settings, kept fresh quietly in the background.

How one round of reading goes is lists_round's; what is on disk is the cache's.
"""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

from app.account.cache import ListsCache
from app.account.lists import AccountLists, ListsOrigin, ReadLists, completed, lists_of
from app.account.port import AccountPort, Colleague
from app.background import BackgroundTasks, run_on_daemon_thread
from app.clock import Clock
from app.domain.calls import EmployeeId
from app.domain.phone_number import parse_phone_number
from app.errors import NotFound, OutcomeUnknown, PultError, Refused, RightsMissing
from app.observe import Observable
from app.services.lists_round import ListsRound
from app.settings import Settings
from app.telephony.waiting import InterruptibleWait

MY_STATUS_EVERY_S = 300.0

_logger = logging.getLogger(__name__)


class AccountDirectory:
    """`lists` is complete at any time, from `config.toml` alone if need be; `changes` publishes it when it is another.

    `my_status_id`: what the account has this console's employee as; None when unknown.
    """

    def __init__(self, clock: Clock, cache_dir: Path) -> None:
        self.lists = AccountLists()
        self.changes: Observable[AccountLists] = Observable()
        self.my_status_id: int | None = None
        self._clock = clock
        self._cache_dir = cache_dir
        self._config = AccountLists()
        self._by_id: dict[EmployeeId, Colleague] = {}
        self._by_number: dict[str, Colleague] = {}
        self._port: AccountPort | None = None
        self._me: EmployeeId | None = None
        self._cache: ListsCache | None = None
        self._is_loaded = False
        self._round = ListsRound(ReadLists())
        self._origin = ListsOrigin.CONFIG
        self._refresh_due_s: float | None = None
        self._status_due_s: float | None = None
        self._wait = InterruptibleWait(clock)
        self._tasks = BackgroundTasks()

    def start(self) -> None:
        """Begin to look after the lists."""
        self._tasks.start(self._run(), name="account lists")

    async def aclose(self) -> None:
        """Stop; a request under way is abandoned."""
        await self._tasks.aclose()
        await self._wait.aclose()

    def use(self, port: AccountPort | None, settings: Settings, me: EmployeeId | None) -> None:
        """Another account, user or `config.toml` from now on. Without a port the lists are those of the settings."""
        self._port = port
        self._me = me
        self._config = lists_of(settings)
        self._cache = None if port is None else _cache_of(self._cache_dir, settings)
        self._is_loaded = False
        self._round = ListsRound(ReadLists())
        self._origin = ListsOrigin.CONFIG
        self._refresh_due_s = self._status_due_s = None
        self.my_status_id = None
        self._publish()
        self._wait.wake()

    def refresh_soon(self) -> None:
        """Read everything anew now, what was refused included."""
        self._round.forget_refusals()
        self._refresh_due_s = self._clock.monotonic()
        self._wait.wake()

    async def set_my_status(self, status_id: int) -> None:
        """Set this console's employee to that status. Raises PultError: RightsMissing "no_data_api" where there is
        nobody to ask, NotFound "employee_not_found" when it is not said who sits here, and as the port does."""
        port, me = self._port, self._me
        if port is None:
            raise RightsMissing("no_data_api")
        if me is None:
            raise NotFound("employee_not_found")
        try:
            await port.set_employee_status(me, status_id)
        except OutcomeUnknown:
            self._status_due_s = self._clock.monotonic()
            self._wait.wake()
            raise
        if port is self._port:
            self._note_my_status(status_id)

    def colleague(self, employee_id: EmployeeId) -> Colleague | None:
        """The employee with that id."""
        return self._by_id.get(employee_id)

    def find_by_number(self, number: str) -> Colleague | None:
        """The employee with that extension, SIP name or phone number, however it is written."""
        return self._by_number.get(number.strip()) or self._by_number.get(parse_phone_number(number).digits)

    def employees(self) -> tuple[Colleague, ...]:
        """Everybody, for pickers: those that `config.toml` names first."""
        return self.lists.colleagues

    async def _run(self) -> None:
        while True:
            port = self._port
            if port is None:
                await self._wait.wait(None)
                continue
            if not self._is_loaded:
                await self._load()
                continue
            await self._refresh(port)
            await self._read_my_status(port)
            if port is self._port:
                await self._wait.wait(self._left_s())

    async def _load(self) -> None:
        """What the disk has, and when to read anew."""
        cache, before = self._cache, self._round
        found = None if cache is None else await run_on_daemon_thread(cache.load, name="read-lists")
        if self._round is not before:
            return
        self._is_loaded = True
        now_s = self._clock.monotonic()
        self._refresh_due_s = now_s
        if found is None or not found.read_at:
            return
        self._round = ListsRound(found)
        self._origin = ListsOrigin.CACHE
        self._refresh_due_s = now_s + self._round.fresh_for_s(self._clock.now())
        self._status_due_s = now_s
        self._publish()

    async def _refresh(self, port: AccountPort) -> None:
        if self._refresh_due_s is None or self._refresh_due_s > self._clock.monotonic():
            return
        reading, self._refresh_due_s = self._round, None
        outcome = await reading.read(port, self._clock)
        if self._round is not reading:
            return
        # Asked for meanwhile: then it is due already.
        if self._refresh_due_s is None and outcome.again_in_s is not None:
            self._refresh_due_s = self._clock.monotonic() + outcome.again_in_s
        if outcome.has_news:
            self._origin = ListsOrigin.DATA_API
            self._status_due_s = self._clock.monotonic() + MY_STATUS_EVERY_S
        self._publish()
        if outcome.has_news and self._cache is not None:
            await self._save(self._cache, reading.lists)

    async def _save(self, cache: ListsCache, lists: ReadLists) -> None:
        try:
            await run_on_daemon_thread(lambda: cache.save(lists), name="save-lists")
        except OSError as error:
            _logger.warning("the account's lists cannot be kept: %s", type(error).__name__)

    async def _read_my_status(self, port: AccountPort) -> None:
        """Between two readings of everything: the status may be changed at the phone or in the cabinet."""
        now_s = self._clock.monotonic()
        if self._status_due_s is None or self._status_due_s > now_s:
            return
        self._status_due_s = now_s + MY_STATUS_EVERY_S
        me = self._me
        if me is None or not self.lists.statuses or not port.can_spare():
            return
        try:
            status_id = await port.read_employee_status(me)
        except PultError as error:
            _logger.info("my status is not told: %s", error.code)
            if isinstance(error, Refused) and not error.is_retryable:
                # Again and again it might lock the login out. The next lists that are read begin it anew.
                self._status_due_s = None
            return
        if port is self._port:
            self._note_my_status(status_id)

    def _note_my_status(self, status_id: int | None) -> None:
        if self._me is not None:
            self._round.note_status(self._me, status_id)
        self._publish()

    def _publish(self) -> None:
        lists = completed(self._config, self._round.lists, self._origin, dict(self._round.trouble))
        by_id = {colleague.employee_id: colleague for colleague in lists.colleagues}
        mine = None if self._me is None else by_id.get(self._me)
        my_status_id = None if mine is None else mine.status_id
        if (lists, my_status_id) == (self.lists, self.my_status_id):
            return
        self.lists, self.my_status_id = lists, my_status_id
        self._by_id = by_id
        self._by_number = _numbers_of(lists.colleagues)
        self.changes.publish(lists)

    def _left_s(self) -> float | None:
        """Until the next thing to do; None when there is nothing before somebody asks."""
        due = [due_s for due_s in (self._refresh_due_s, self._status_due_s) if due_s is not None]
        return max(0.0, min(due) - self._clock.monotonic()) if due else None


def _numbers_of(colleagues: tuple[Colleague, ...]) -> dict[str, Colleague]:
    """Every way a colleague's number may be written; of two with the same number the first."""
    found: dict[str, Colleague] = {}
    for colleague in colleagues:
        for number in (colleague.extension, *colleague.phone_numbers):
            for written in (number, parse_phone_number(number).digits):
                if written:
                    found.setdefault(written, colleague)
    return found


def _cache_of(folder: Path, settings: Settings) -> ListsCache | None:
    """With a permanent key it is the employee who tells accounts apart; with neither nothing is kept."""
    pbx = settings.pbx
    account_key = pbx.login or ("" if pbx.employee_id is None else f"employee {pbx.employee_id}")
    return ListsCache(folder, urlsplit(pbx.call_api_url).hostname or "pbx", account_key) if account_key else None
