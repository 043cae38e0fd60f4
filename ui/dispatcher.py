"""From menu items and keys to whoever does them, and the verdicts on commands back into the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.actions import CallAction, WhyNot
from app.domain.calls import CallState
from app.domain.live_call import LiveCall
from ui.actions import OPTION_KEYS, TAG_KEYS, UserAction, key_of
from ui.call_choice import CallChoice, my_calls
from ui.choice_menu import ChoiceMenu
from ui.panels.command_bar.asking import hold_reason_labels
from ui.panels.command_bar.presenter import CommandBarPresenter
from ui.panels.talk_options.presenter import TalkOptionsPresenter
from ui.texts.calls import reason_text
from ui.texts.commands import button_tip, other_tag_text
from ui.texts.status import no_such_call_text
from ui.widgets.plain_label import plain_tooltip
from ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from app.bootstrap import Services

ESCAPE = "Esc"
_RINGING = frozenset({CallState.RINGING, CallState.QUEUED})
_HELD = frozenset({CallState.HOLD, CallState.CONSULT_RINGING, CallState.CONSULT})


class Dispatcher(QObject):
    """`offices`: what the rest of the program does for actions that are no commands on a call (Connect, Quit, …);
    `undo`: takes back what counts down, False when there is nothing."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        choice: CallChoice,
        commands: CommandBarPresenter,
        talk_options: TalkOptionsPresenter,
        undo: Callable[[], bool],
        offices: Mapping[UserAction, Callable[[], None]],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._choice = choice
        self._commands = commands
        self._talk_options = talk_options
        self._undo = undo
        self._offices: dict[UserAction, Callable[[], None]] = {
            UserAction.GO_TO_MY_CALL: lambda: self._go_to(self._mine()),
            UserAction.GO_TO_RINGING: lambda: self._go_to(self._in_states(_RINGING)),
            UserAction.GO_TO_HELD: lambda: self._go_to(self._in_states(_HELD)),
            UserAction.FILTER_CALLS: window.active_calls.focus_filter,
            UserAction.NOTES: window.call_card.focus_notes,
            UserAction.SAVE_CARD: window.call_card.save,
            UserAction.CARD_LATER: lambda: window.call_card.with_editor(lambda editor: editor.later()),
            UserAction.EXTEND_CARD: lambda: window.call_card.with_editor(lambda editor: editor.extend()),
            UserAction.SHOW_IN_CRM: window.call_card.crm_card_requested.emit,
            UserAction.HOLD_WITH_REASON: commands.request_hold_reason,
            UserAction.REFRESH: services.poller.refresh_soon,
            **offices,
        }
        actions = window.actions_by_name
        self._tag_menu = ChoiceMenu(
            "tag",
            actions[UserAction.TAG],
            window,
            chosen=commands.request_tag,
            other=lambda: commands.request(CallAction.TAG),
        )
        self._hold_menu = ChoiceMenu(
            "hold_reason", actions[UserAction.HOLD_WITH_REASON], window, chosen=commands.request_hold_reason
        )
        self._option_menu = ChoiceMenu(
            "talk_option", actions[UserAction.USE_TALK_OPTION], window, chosen=talk_options.request_by_position
        )
        talk_options.options_changed.connect(self._option_menu_changed)
        self._option_menu_changed(talk_options.names)
        commands.follow_menu(window.call_menu)
        window.call_menu.setToolTipsVisible(True)
        window.action_triggered.connect(self.trigger)
        window.key_pressed.connect(self.press)
        commands.verdicts_changed.connect(self._show_verdicts)
        commands.refresh()

    def trigger(self, user_action: UserAction) -> None:
        """A menu item."""
        call_action = user_action.call_action
        if call_action is not None:
            self._commands.request(call_action)
            return
        office = self._offices.get(user_action)
        if office is not None:
            office()

    def press(self, key: str, user_actions: tuple[UserAction, ...]) -> None:
        """A key, with all the actions that are on it."""
        if key == ESCAPE and self._takes_escape():
            return
        if key in TAG_KEYS:
            self._commands.request_tag(TAG_KEYS.index(key) + 1)
            return
        if key in OPTION_KEYS:
            self._talk_options.request_by_key(key)
            return
        call_actions = tuple(action.call_action for action in user_actions if action.call_action is not None)
        if call_actions:
            self._commands.request_by_key(call_actions)
            return
        for user_action in user_actions:
            self.trigger(user_action)

    def _show_verdicts(self, verdicts: Mapping[CallAction, WhyNot | None]) -> None:
        self._tag_menu.offer(tuple(tag.name for tag in self._services.account.lists.tags), other_tag_text())
        presets = self._services.hold_promises.presets
        self._hold_menu.offer(hold_reason_labels(presets))
        with_reason = self._window.actions_by_name[UserAction.HOLD_WITH_REASON]
        with_reason.setVisible(bool(presets))
        with_reason.setEnabled(verdicts.get(CallAction.HOLD) is None)
        for call_action, refusal in verdicts.items():
            action = self._window.actions_by_name[UserAction(call_action.value)]
            action.setEnabled(refusal is None)
            label = self._window.command_bar.button(call_action).text()
            if action.text() != label:
                action.setText(label)
            reason = "" if refusal is None else reason_text(refusal, key_of)
            action.setStatusTip(reason)
            action.setToolTip(plain_tooltip(button_tip(call_action, key_of(call_action.value), reason)))

    def _takes_escape(self) -> bool:
        """A countdown first, then the small window or the filter, and only then the way back to the caller."""
        window = self._window
        if self._undo():
            return True
        if not window.isActiveWindow() and window.close_small_window():
            return True
        return window.active_calls.filter_field.take_escape() or window.close_small_window()

    def _option_menu_changed(self, names: tuple[str, ...]) -> None:
        self._option_menu.offer(names)
        self._window.actions_by_name[UserAction.USE_TALK_OPTION].setVisible(bool(names))

    def _mine(self) -> list[LiveCall]:
        return my_calls(self._services.board.calls.values(), self._services.me)

    def _in_states(self, states: frozenset[CallState]) -> list[LiveCall]:
        """My calls in one of the states; where nobody sits here, anybody's."""
        calls = list(self._services.board.calls.values()) if self._services.me is None else self._mine()
        return sorted(
            (call for call in calls if call.call_state in states), key=lambda call: call.state_since.monotonic_s
        )

    def _go_to(self, calls: list[LiveCall]) -> None:
        """The first of the calls; pressed again, the next one."""
        if not calls:
            self._window.status_line.say(no_such_call_text(), tone="held")
            return
        keys = [call.call_session_id for call in calls]
        current = self._choice.current
        following = keys.index(current) + 1 if current in keys else 0
        self._choice.choose(keys[following % len(keys)])
        self._window.active_calls.reveal(keys[following % len(keys)])
