"""The window joined to its services: makes the presenters and keeps what belongs to all of them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId
from app.hardening import HardeningReport
from app.secrets import PBX_PASSWORD, PBX_TOKEN
from ui import dialogs
from ui.actions import UserAction
from ui.bridge import bridge
from ui.call_choice import CallChoice
from ui.dispatcher import Dispatcher
from ui.errors import text_of
from ui.panels.active_calls.presenter import ActiveCallsPresenter
from ui.panels.banners import BannerKind
from ui.panels.call_card.presenter import CallCardPresenter
from ui.panels.command_bar.presenter import CommandBarPresenter
from ui.panels.command_bar.runner import CommandRunner
from ui.panels.current_call.presenter import CurrentCallPresenter
from ui.panels.in_hand.presenter import InHandPresenter
from ui.panels.my_status.presenter import MyStatusPresenter
from ui.panels.new_call.presenter import NewCall
from ui.panels.status_line.presenter import StatusPresenter
from ui.panels.talk_options.presenter import TalkOptionsPresenter
from ui.pauses import needs_connect
from ui.ringing import RingingNotices
from ui.side_windows import SideWindows
from ui.tasks import TaskScope
from ui.texts.crm_reasons import AMOCRM, BITRIX24
from ui.texts.in_hand import lost_text, lost_title
from ui.tray import Tray
from ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from app.bootstrap import Services


_BANNERS_OF_CRMS = {BannerKind.DELIVERY: BITRIX24, BannerKind.SECOND_DELIVERY: AMOCRM}


class AttachedConsole(QObject):
    """Made once for each run, after the first paint."""

    def __init__(
        self, window: MainWindow, services: Services, scope: TaskScope, hardening: HardeningReport, *, is_demo: bool
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._scope = scope
        self._is_connecting = False
        self._side = SideWindows(window, services, scope, hardening, take_up=self._take_up, connect=self.connect_soon)
        window.finish()
        self.choice = CallChoice()
        self._calls = ActiveCallsPresenter(window.active_calls, services, self.choice)
        self._current = CurrentCallPresenter(window.current_call, services, self.choice)
        self._in_hand = InHandPresenter(window.in_hand, window.lost_callers, services, self.choice, self.say)
        runner = CommandRunner(
            window.command_bar,
            services,
            scope,
            confirm=dialogs.confirm,
            say=self.say,
            undo=self._in_hand.undo,
        )
        self._commands = CommandBarPresenter(window.command_bar, services, self.choice, runner, self.say)
        self._talk_options = TalkOptionsPresenter(
            window.talk_options,
            services,
            self.choice,
            runner,
            tick=window.second_tick,
            say=self.say,
            guard=self._commands.is_meant_for_another_call,
        )
        window.second_tick.ticked.connect(runner.tick)
        self._status = StatusPresenter(window.status_line, window.banners, services, scope, window.second_tick)
        self._card = CallCardPresenter(window.call_card, services, scope, say=self.say)
        self.new_call = NewCall(window, services, self.choice, scope, self.say)
        self._dispatcher = Dispatcher(
            window,
            services,
            self.choice,
            self._commands,
            self._talk_options,
            self._in_hand.undo,
            self._offices(),
        )
        self.tray = Tray(window)
        self._ringing = RingingNotices(self.tray, services)
        self._join(is_demo=is_demo)

    def _offices(self) -> dict[UserAction, Callable[[], None]]:
        """Who does what is no command on a call."""
        return {
            UserAction.CONNECT: self.connect_soon,
            UserAction.SIGN_OUT: lambda: self._start(self._sign_out(), "sign out"),
            UserAction.KEYS: self._side.show_keys,
            UserAction.REFRESH: self._status.look_now,
            UserAction.POINTS: self._side.show_points,
            UserAction.QUEUE: self._side.show_queue,
            UserAction.ABOUT: self._side.show_about,
            UserAction.QUIT: self._window.close_requested.emit,
            UserAction.NEW_CALL: self.new_call.open,
            UserAction.REDIAL: self.new_call.redial,
        }

    def say(self, text: str, tone: str) -> None:
        """A line for the bottom of the window."""
        self._window.status_line.say(text, tone=tone)

    def connect_soon(self) -> None:
        """Open *Connect*, once."""
        if not self._is_connecting:
            self._is_connecting = True
            self._start(self._connect(), "connect")

    async def connect_at_first_start(self) -> None:
        """Open *Connect* by itself when nobody has ever said how to sign in."""
        secrets, trouble = self._services.secrets, self._services.secrets_trouble
        if trouble is not None:
            self.say(text_of(trouble), "alert")
            return
        if self._services.telephony is None and not (await secrets.get(PBX_TOKEN) or await secrets.get(PBX_PASSWORD)):
            self.connect_soon()

    def _join(self, *, is_demo: bool) -> None:
        window, services = self._window, self._services
        self._my_status = MyStatusPresenter(window.my_status, services, self._scope, self.say)
        window.current_call.drop_requested.connect(self._commands.drop)
        window.command_bar.explained.connect(window.status_line.explain)
        window.talk_options.explained.connect(window.status_line.explain)
        window.in_hand.back_requested.connect(self._back_to_caller)
        window.in_hand.transfer_now_requested.connect(self._transfer_now)
        window.lost_callers.call_back_requested.connect(self.new_call.open)
        self._in_hand.caller_lost.connect(self._tell_lost)
        window.banners.help_requested.connect(self._help)
        window.status_line.points_clicked.connect(self._side.show_points)
        window.status_line.unsent_clicked.connect(self._side.show_queue)
        window.call_card.queue_requested.connect(self._side.show_queue)
        self.tray.show_requested.connect(self.show_window)
        self._status.waiting_changed.connect(self.tray.show_waiting)
        self.tray.quit_requested.connect(window.close_requested)
        bridge(services.show_requested, lambda _: self.show_window(), self)
        for user_action in (UserAction.CONNECT, UserAction.SIGN_OUT):
            window.actions_by_name[user_action].setEnabled(not is_demo)

    def show_window(self) -> None:
        """Bring the window to the front because somebody asked for it."""
        self._window.setWindowState(self._window.windowState() & ~self._window.windowState().WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _back_to_caller(self, call_session_id: CallSessionId) -> None:
        self._commands.request_on(call_session_id, CallAction.CANCEL_CONSULT)

    def _transfer_now(self, call_session_id: CallSessionId) -> None:
        self._commands.request_on(call_session_id, CallAction.TRANSFER_BLIND)

    def _tell_lost(self, caller: str, to: str) -> None:
        self.tray.tell_lost(lost_title(), lost_text(caller, to))

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self._scope.start(coroutine, name=name)

    def _help(self, kind: BannerKind) -> None:
        if kind is BannerKind.SIGN_IN:
            self.connect_soon()
        elif kind in _BANNERS_OF_CRMS:
            self._help_paused(_BANNERS_OF_CRMS[kind])
        elif kind is BannerKind.PBX_DOWN:
            self._services.poller.refresh_soon()

    def _help_paused(self, crm_name: str) -> None:
        error = self._services.delivery.pauses.get(crm_name)
        if error is not None and needs_connect(error):
            self.connect_soon()
        else:
            self._services.delivery.resume()

    async def _connect(self) -> None:
        # Imported here: most shifts never open it.
        from ui.windows.connect_dialog import ConnectDialog
        from ui.windows.connect_presenter import ConnectPresenter

        services = self._services
        dialog = ConnectDialog(self._window)
        try:
            ConnectPresenter(
                dialog,
                services,
                services.settings,
                services.secrets,
                config_file=services.folders.config_file,
                scope=self._scope,
                confirm=dialogs.confirm,
            )
            await dialogs.show_dialog(dialog)
        finally:
            self._is_connecting = False
            dialog.deleteLater()
        self._status.read_secrets_place()

    async def _sign_out(self) -> None:
        from ui.windows.connect_presenter import confirm_sign_out, sign_out

        services = self._services
        if await confirm_sign_out(dialogs.confirm, self._window):
            await sign_out(services.secrets, services, services.settings)
            self._status.read_secrets_place()

    def _take_up(self, card_key: str) -> None:
        """A draft of the queue comes up in the card."""
        self._services.wrap_up.take_up(card_key)
        self._card.show_card(card_key)
        self.show_window()
