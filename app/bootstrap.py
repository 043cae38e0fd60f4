"""Settings, folders and secrets in, running services out; closes everything in reverse order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from app import __version__
from app.account.lists import AccountLists
from app.account.port import AccountPort
from app.after_call import Ground, build_after_call
from app.board import CallBoard
from app.channel_verbs import channel_verbs
from app.clock import Clock, SystemClock
from app.crm.port import CustomerDirectory
from app.database import Connect, Database, OpenReport, connect_sqlite
from app.domain.calls import EmployeeId, TagId
from app.errors import SecretsError
from app.follow_up import unseen_desk_of
from app.http import HttpSession
from app.integrations import (
    build_amocrm,
    build_bitrix24,
    build_pbx,
    pbx_host,
)
from app.local_channel import LocalChannel
from app.oauth import TokenSources
from app.observe import Observable
from app.outbox.schema import MIGRATIONS
from app.outbox.worker import OutboxWorker
from app.paths import Folders
from app.secrets import SecretStore
from app.services.account_lists import AccountDirectory
from app.services.armed_transfer import ArmedTransfers
from app.services.call_control import CallControl
from app.services.calls_to_return import CallsToReturn
from app.services.calls_without_list import CallsWithoutList
from app.services.crm_card import CrmCards
from app.services.crm_lists import CrmLists
from app.services.delayed_tags import DelayedTags
from app.services.delivery import Delivery
from app.services.desk import desk_of
from app.services.dialled_numbers import DialledNumbers
from app.services.hold_promises import HoldPreset, HoldPromises
from app.services.open_starts import OpenStarts
from app.services.recordings import Recordings
from app.services.screen_pop import ScreenPop
from app.services.start_call import StartCalls
from app.services.talk_options import TalkOptions
from app.services.transfer_watch import TransferWatch
from app.services.unseen_calls import UnseenCalls
from app.services.wrap_up import WrapUp
from app.settings import Settings
from app.telephony.pace import is_call_going_on
from app.telephony.poller import Poller
from app.telephony.port import SpokenMessage, TelephonyPort
from app.telephony.unlisted import UnlistedCalls

DATABASE_FILE = "pult.db"
_PATIENCE_AT_CLOSING_S = 3.0

R = TypeVar("R")

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Services:
    """Everything a face needs. `telephony`, `directory` (Bitrix24's) and `amocrm` are None until somebody
    connects them; `tokens` renews the access tokens of applications.

    `show_requested` publishes when a second console was started on the same data folder.
    """

    settings: Settings
    folders: Folders
    secrets: SecretStore
    clock: Clock
    http: HttpSession
    database: Database
    database_report: OpenReport
    board: CallBoard
    poller: Poller
    call_control: CallControl
    screen_pop: ScreenPop
    crm_lists: CrmLists
    wrap_up: WrapUp
    worker: OutboxWorker
    delivery: Delivery
    crm_cards: CrmCards
    recordings: Recordings
    unseen_calls: UnseenCalls
    start_calls: StartCalls
    dialled: DialledNumbers
    account: AccountDirectory
    talk_options: TalkOptions
    hold_promises: HoldPromises
    armed: ArmedTransfers
    transfer_watch: TransferWatch
    calls_to_return: CallsToReturn
    delayed_tags: DelayedTags
    tokens: TokenSources
    account_port: AccountPort | None = None
    telephony: TelephonyPort | None = None
    directory: CustomerDirectory | None = None
    amocrm: CustomerDirectory | None = None
    secrets_trouble: SecretsError | None = None
    show_requested: Observable[None] = field(default_factory=Observable)
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    @property
    def me(self) -> EmployeeId | None:
        """The employee who sits here."""
        employee_id = self.settings.pbx.employee_id
        return None if employee_id is None else EmployeeId(employee_id)

    async def reconnect(self, settings: Settings) -> None:
        """Other settings or secrets from now on: board, open cards and outbox stay, the connections are made anew.

        Of several at once the one asked for last counts.
        """
        async with self._connecting:
            self.settings = settings
            self.secrets_trouble = None
            pbx, crm, amocrm = await asyncio.gather(
                self._unlocked(build_pbx(settings, self.secrets, self.http, self.clock)),
                self._unlocked(
                    build_bitrix24(
                        settings, self.secrets, self.http, self.clock, shelf=self.recordings, tokens=self.tokens
                    )
                ),
                self._unlocked(
                    build_amocrm(settings, self.secrets, self.http, self.clock, self.tokens, self.recordings)
                ),
            )
            self.telephony = pbx.telephony if pbx else None
            self.directory, self.amocrm = crm, amocrm
            self.call_control.use(self.telephony, me=self.me, hold_message=_hold_message(settings))
            self.account_port = pbx.account if pbx else None
            self.account.use(self.account_port, settings, self.me)
            self.start_calls.use(self.telephony, self.account_port, me=self.me)
            self.talk_options.use(self.telephony)
            self.hold_promises.use(_hold_presets(settings))
            self.armed.use(back_after_s=settings.pbx.transfer_back_after_s)
            self.delayed_tags.use(
                self._tag_name, None if self.account_port is None else self.account_port.tag_finished_call
            )
            self.screen_pop.use_directory(crm)
            self.crm_lists.use(crm)
            self.crm_cards.use(crm)
            desk = desk_of(settings, pbx_host(settings))
            self.wrap_up.use_desk(desk)
            if crm is not None:
                self.wrap_up.look_up_failed_again()
            reports = pbx.reports if pbx else None
            self.unseen_calls.use(reports, unseen_desk_of(settings, desk))
            self.recordings.use(
                reports,
                wait_h=settings.card.recording_wait_h,
                max_mb=settings.card.recording_max_mb,
            )
            self.worker.use_writers([writer for writer in (crm, amocrm) if writer is not None])
            self.poller.use(self.telephony, pbx.points if pbx else None)

    def _tag_name(self, tag_id: TagId) -> str:
        return next((tag.name for tag in self.account.lists.tags if tag.tag_id == tag_id), "")

    async def _unlocked(self, building: Awaitable[R]) -> R | None:
        """What is built of a secret; None when the keyring does not give it, which must not keep the other one away."""
        try:
            return await building
        except SecretsError as error:
            self.secrets_trouble = error
            _logger.warning("the keyring does not give the secrets: %s", error.code)
            return None


@asynccontextmanager
async def open_services(
    settings: Settings,
    folders: Folders,
    secrets: SecretStore,
    *,
    clock: Clock | None = None,
    connect: Connect = connect_sqlite,
) -> AsyncIterator[Services]:
    """Open the database, connect what has secrets, start polling and delivering; leave in reverse order.

    Raises DatabaseInUse when another process owns the data folder, other StorageErrors when it cannot be used.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        database = Database(folders.data_dir / DATABASE_FILE, migrations=MIGRATIONS, clock=clock, connect=connect)
        report = await database.open()
        _close_later(stack, database.aclose)
        if report.set_aside is not None:
            _logger.warning("the database was damaged and has been set aside")
        http = HttpSession(user_agent=f"Pult/{__version__}", clock=clock)
        _close_later(stack, http.aclose)
        services = _assemble(settings, folders, secrets, clock, http, database, report)
        _close_later(stack, services.tokens.aclose)
        _close_later(stack, services.screen_pop.aclose)
        _close_later(stack, services.recordings.aclose)
        _close_later(stack, services.worker.aclose)
        stack.callback(services.worker.changed.subscribe(services.recordings.note_card).cancel)
        _close_later(stack, services.wrap_up.aclose)
        _close_later(stack, services.unseen_calls.aclose)
        stack.callback(services.call_control.close)
        _close_later(stack, services.dialled.aclose)
        _close_later(stack, services.start_calls.aclose)
        _follow_starts(stack, services)
        _follow_account(stack, services)
        _close_later(stack, services.poller.aclose)
        _close_what_commands(stack, services)
        # After each look at the PBX, cards whose call is gone are finished; the board alone never tells.
        stack.callback(services.poller.polls_done.subscribe(services.wrap_up.note_poll).cancel)
        await services.wrap_up.start()
        await services.worker.start()
        await services.recordings.start(wait_h=settings.card.recording_wait_h)
        await services.dialled.start()
        await services.start_calls.restore()
        _open_channel(stack, folders, services)
        await services.reconnect(settings)
        services.poller.start()
        services.account.start()
        services.unseen_calls.start()
        yield services


def _follow_starts(stack: AsyncExitStack, services: Services) -> None:
    """Whom I talk to is kept for redial; what was started stands on the board even where the PBX lists no calls."""
    services.dialled.follow(services.board, lambda: services.me, services.start_calls.is_own)
    unlisted = UnlistedCalls(services.board, services.poller, services.clock)
    without_list = CallsWithoutList(
        unlisted,
        services.clock,
        starts=services.start_calls.reports,
        commands=services.call_control.reports,
        me=lambda: services.me,
        account=lambda: services.account_port,
    )
    _close_later(stack, without_list.aclose)


def _follow_account(stack: AsyncExitStack, services: Services) -> None:
    """What the account tells of its people decides which commands are on."""

    def learn(lists: AccountLists) -> None:
        services.call_control.use_enforced_recording(lists.always_recorded)

    stack.callback(services.account.changes.subscribe(learn).cancel)
    _close_later(stack, services.account.aclose)


def _close_what_commands(stack: AsyncExitStack, services: Services) -> None:
    """What sends commands by itself stops first; tags still counting down are sent while there is somebody to ask."""
    stack.callback(services.hold_promises.close)
    stack.callback(services.transfer_watch.close)
    stack.callback(services.calls_to_return.close)
    _close_later(stack, services.talk_options.aclose)
    _close_later(stack, services.armed.aclose)
    _close_later(stack, services.delayed_tags.aclose)


def _open_channel(stack: AsyncExitStack, folders: Folders, services: Services) -> None:
    """Let other processes of this user ask. A folder that holds no sockets must not keep the console from working."""
    channel = LocalChannel(folders.data_dir, channel_verbs(services), services.clock)
    try:
        channel.start()
    except OSError as error:
        _logger.warning("other processes cannot ask this console: %s", type(error).__name__)
        return
    _close_later(stack, channel.aclose)


def _assemble(
    settings: Settings,
    folders: Folders,
    secrets: SecretStore,
    clock: Clock,
    http: HttpSession,
    database: Database,
    report: OpenReport,
) -> Services:
    board = CallBoard()
    poller = Poller(
        board,
        clock,
        base_interval_s=settings.pbx.poll_interval_s,
        is_busy=lambda: is_call_going_on(board.calls.values(), services.me),
    )
    call_control = CallControl(board, poller, clock, hold_message=_hold_message(settings))
    dialled = DialledNumbers(database, clock)
    start_calls = _start_calls(database, board, poller, clock, call_control, dialled)
    after_call = build_after_call(
        settings,
        settings_now=lambda: services.settings,
        me=lambda: services.me,
        ground=Ground(clock, http, database, folders.cache_dir, board, call_control, start_calls),
    )
    services = Services(
        settings=settings,
        folders=folders,
        secrets=secrets,
        clock=clock,
        http=http,
        database=database,
        database_report=report,
        board=board,
        poller=poller,
        call_control=call_control,
        screen_pop=after_call.screen_pop,
        crm_lists=after_call.crm_lists,
        wrap_up=after_call.wrap_up,
        worker=after_call.worker,
        delivery=after_call.delivery,
        crm_cards=CrmCards(after_call.delivery),
        recordings=after_call.recordings,
        unseen_calls=after_call.unseen_calls,
        start_calls=start_calls,
        dialled=dialled,
        account=AccountDirectory(clock, folders.cache_dir),
        talk_options=TalkOptions(board, poller, clock, call_control),
        hold_promises=HoldPromises(board, call_control.reports),
        armed=ArmedTransfers(board, poller, clock, call_control),
        transfer_watch=after_call.transfer_watch,
        calls_to_return=after_call.calls_to_return,
        delayed_tags=DelayedTags(board, poller, clock, call_control),
        tokens=TokenSources(secrets),
    )
    return services


def _start_calls(
    database: Database, board: CallBoard, poller: Poller, clock: Clock, control: CallControl, dialled: DialledNumbers
) -> StartCalls:
    return StartCalls(
        board,
        poller,
        clock,
        open_starts=OpenStarts(database),
        dialled=dialled,
        situation=lambda: control.situation(None),
    )


def _hold_message(settings: Settings) -> SpokenMessage:
    message = settings.pbx.hold_message
    return SpokenMessage(message.message_type, message.value)


def _hold_presets(settings: Settings) -> tuple[HoldPreset, ...]:
    presets = settings.pbx.hold_message.presets
    return tuple(
        HoldPreset(preset.name, SpokenMessage(preset.message_type, preset.value), preset.promised_s)
        for preset in presets
    )


def _close_later(stack: AsyncExitStack, aclose: Callable[[], Awaitable[None]]) -> None:
    async def close_in_time() -> None:
        try:
            async with asyncio.timeout(_PATIENCE_AT_CLOSING_S):
                await aclose()
        except TimeoutError:
            _logger.warning("a part did not close in time", extra={"part": getattr(aclose, "__qualname__", "?")})

    stack.push_async_callback(close_in_time)
