"""Every action of the window: its words, icon and keys. What an action does is the presenters' business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.actions import CallAction
from ui.icons import icon
from ui.texts.calls import action_text
from ui.texts.marking import QT_TRANSLATE_NOOP


class UserAction(Enum):
    """What the operator can ask for. The commands on a call have the values of `CallAction`."""

    HOLD = "hold"
    RETRIEVE = "retrieve"
    BEGIN_CONSULT = "begin_consult"
    COMPLETE_TRANSFER = "complete_transfer"
    TRANSFER_BLIND = "transfer_blind"
    CANCEL_CONSULT = "cancel_consult"
    TAG = "tag"
    START_RECORDING = "start_recording"
    STOP_RECORDING = "stop_recording"
    SEND_DTMF = "send_dtmf"
    ADD_COACH = "add_coach"
    DROP_LEG = "drop_leg"
    BLOCK_CALLER = "block_caller"
    USE_TALK_OPTION = "use_talk_option"
    END_CALL = "end_call"
    HOLD_WITH_REASON = "hold_with_reason"
    TALK_OPTION_BY_KEY = "talk_option_by_key"
    NEW_CALL = "new_call"
    REDIAL = "redial"
    GO_TO_MY_CALL = "go_to_my_call"
    GO_TO_RINGING = "go_to_ringing"
    GO_TO_HELD = "go_to_held"
    FILTER_CALLS = "filter_calls"
    TAG_BY_NUMBER = "tag_by_number"
    NOTES = "notes"
    SAVE_CARD = "save_card"
    QUEUE = "queue"
    CARD_LATER = "card_later"
    EXTEND_CARD = "extend_card"
    SHOW_IN_CRM = "show_in_crm"
    REFRESH = "refresh"
    POINTS = "points"
    CONNECT = "connect"
    SIGN_OUT = "sign_out"
    KEYS = "keys"
    ABOUT = "about"
    QUIT = "quit"

    @property
    def call_action(self) -> CallAction | None:
        """The command on a call behind this action, if it is one."""
        return _CALL_ACTIONS.get(self.value)


_CALL_ACTIONS = {action.value: action for action in CallAction}


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """`text` is the English source, empty for commands on a call (ui.texts.calls has those). The first key is shown."""

    icon_name: str
    keys: tuple[str, ...] = ()
    text: str = ""


TAG_KEYS = tuple(f"Ctrl+{digit}" for digit in range(1, 10))
OPTION_KEYS = tuple(f"Alt+{digit}" for digit in range(1, 10))
_SERIES = frozenset({UserAction.TAG_BY_NUMBER, UserAction.TALK_OPTION_BY_KEY})
"""One action on several keys, each of which means another thing."""

ACTIONS: dict[UserAction, ActionSpec] = {
    UserAction.HOLD: ActionSpec("pause", ("F7", "Ctrl+Shift+H")),
    UserAction.RETRIEVE: ActionSpec("play", ("F7", "Ctrl+Shift+H")),
    UserAction.BEGIN_CONSULT: ActionSpec("messages-square", ("F5",)),
    UserAction.COMPLETE_TRANSFER: ActionSpec("phone-forwarded", ("F4", "Ctrl+Shift+T")),
    UserAction.TRANSFER_BLIND: ActionSpec("triangle-alert", ("Shift+F4",)),
    UserAction.CANCEL_CONSULT: ActionSpec("undo-2", ("Esc",)),
    UserAction.TAG: ActionSpec("tag", ("Ctrl+T",)),
    UserAction.START_RECORDING: ActionSpec("circle-dot", ("Ctrl+R",)),
    UserAction.STOP_RECORDING: ActionSpec("circle-stop", ("Ctrl+R",)),
    UserAction.SEND_DTMF: ActionSpec("grip", ("F11",)),
    UserAction.ADD_COACH: ActionSpec("headphones", ("F12",)),
    UserAction.DROP_LEG: ActionSpec("user-round-minus", ("Ctrl+D",)),
    UserAction.BLOCK_CALLER: ActionSpec("ban", ()),
    UserAction.USE_TALK_OPTION: ActionSpec("list-checks", ()),
    UserAction.HOLD_WITH_REASON: ActionSpec("timer", ("Shift+F7",), QT_TRANSLATE_NOOP("Actions", "Hold with a reason")),
    UserAction.TALK_OPTION_BY_KEY: ActionSpec(
        "list-checks", OPTION_KEYS, QT_TRANSLATE_NOOP("Actions", "Talk option on that phone key")
    ),
    UserAction.NEW_CALL: ActionSpec("phone-outgoing", ("F3",), QT_TRANSLATE_NOOP("Actions", "New call…")),
    UserAction.REDIAL: ActionSpec("redo-2", ("Ctrl+Shift+R",), QT_TRANSLATE_NOOP("Actions", "Redial…")),
    UserAction.END_CALL: ActionSpec("phone-off", ("F8", "Ctrl+Shift+1")),
    UserAction.GO_TO_MY_CALL: ActionSpec("phone-call", ("F2",), QT_TRANSLATE_NOOP("Actions", "Go to my call")),
    UserAction.GO_TO_RINGING: ActionSpec("phone-incoming", ("F6",), QT_TRANSLATE_NOOP("Actions", "Go to ringing call")),
    UserAction.GO_TO_HELD: ActionSpec("pause", ("F9",), QT_TRANSLATE_NOOP("Actions", "Go to held call")),
    UserAction.FILTER_CALLS: ActionSpec("search", ("Ctrl+K",), QT_TRANSLATE_NOOP("Actions", "Filter calls")),
    UserAction.TAG_BY_NUMBER: ActionSpec("tag", TAG_KEYS, QT_TRANSLATE_NOOP("Actions", "First to ninth tag")),
    UserAction.NOTES: ActionSpec("notebook-pen", ("F10",), QT_TRANSLATE_NOOP("Actions", "Notes")),
    UserAction.SAVE_CARD: ActionSpec("save", ("Ctrl+Return", "Ctrl+Enter"), QT_TRANSLATE_NOOP("Actions", "Save card")),
    UserAction.QUEUE: ActionSpec("list-checks", ("Ctrl+L",), QT_TRANSLATE_NOOP("Actions", "Queue of cards…")),
    UserAction.CARD_LATER: ActionSpec(
        "timer", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), QT_TRANSLATE_NOOP("Actions", "Write the card later")
    ),
    UserAction.EXTEND_CARD: ActionSpec("timer", ("Ctrl+E",), QT_TRANSLATE_NOOP("Actions", "More time for the card")),
    UserAction.SHOW_IN_CRM: ActionSpec("user-round", ("Ctrl+B",), QT_TRANSLATE_NOOP("Actions", "Show in Bitrix24")),
    UserAction.REFRESH: ActionSpec("refresh-cw", ("Ctrl+F5", "Ctrl+U"), QT_TRANSLATE_NOOP("Actions", "Refresh now")),
    UserAction.POINTS: ActionSpec("list-ordered", (), QT_TRANSLATE_NOOP("Actions", "Points…")),
    UserAction.CONNECT: ActionSpec("plug", ("Ctrl+,",), QT_TRANSLATE_NOOP("Actions", "Connect…")),
    UserAction.SIGN_OUT: ActionSpec("log-out", (), QT_TRANSLATE_NOOP("Actions", "Sign out")),
    UserAction.KEYS: ActionSpec("keyboard", ("F1",), QT_TRANSLATE_NOOP("Actions", "Keys")),
    UserAction.ABOUT: ActionSpec("info", (), QT_TRANSLATE_NOOP("Actions", "About Pult")),
    UserAction.QUIT: ActionSpec("x", ("Ctrl+Q",), QT_TRANSLATE_NOOP("Actions", "Quit")),
}


def user_action_text(user_action: UserAction) -> str:
    """The label of an action."""
    call_action = user_action.call_action
    if call_action is not None:
        return action_text(call_action)
    return QCoreApplication.translate("Actions", ACTIONS[user_action].text)


def key_text(user_action: UserAction) -> str:
    """The first key of an action as this system writes it; empty when it has none."""
    keys = ACTIONS[user_action].keys
    if not keys:
        return ""
    if user_action in _SERIES:
        return f"{native_key(keys[0])} … {native_key(keys[-1])}"
    return native_key(keys[0])


def key_of(action_value: str) -> str:
    """The same by the action's value, for sentences."""
    return key_text(UserAction(action_value))


def alias_texts(user_action: UserAction) -> tuple[str, ...]:
    """The further keys of an action, as this system writes them."""
    if user_action in _SERIES:
        return ()
    return tuple(native_key(key) for key in ACTIONS[user_action].keys[1:])


def make_actions(owner: QWidget, triggered: Callable[[UserAction], None]) -> dict[UserAction, QAction]:
    """A QAction for each entry of the table, for menus. They only show their key; it is a shortcut of its own."""
    made: dict[UserAction, QAction] = {}
    for user_action, spec in ACTIONS.items():
        action = QAction(user_action_text(user_action), owner)
        action.setObjectName(f"action_{user_action.value}")
        if spec.keys and user_action not in _SERIES:
            action.setShortcut(QKeySequence(spec.keys[0]))
            # Shown only: a disabled action would swallow its key, and the key has to say why.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False, chosen=user_action: triggered(chosen))
        made[user_action] = action
    return made


def tint_actions(actions: dict[UserAction, QAction]) -> None:
    """Give the actions their icons in the colours of the theme."""
    for user_action, action in actions.items():
        action.setIcon(icon(ACTIONS[user_action].icon_name, "text", 16))


def keys_by_sequence() -> dict[str, tuple[UserAction, ...]]:
    """Which actions share a key: Hold and Retrieve are on the same one."""
    shared: dict[str, tuple[UserAction, ...]] = {}
    for user_action, spec in ACTIONS.items():
        for key in spec.keys:
            shared[key] = (*shared.get(key, ()), user_action)
    return shared


def is_lent(key: str) -> bool:
    """Whether a small window beside the main one has this key, too: those that mean nothing in a field of its own."""
    last = key.rpartition("+")[2]
    return key == "Esc" or (last[0] == "F" and last[1:].isdigit()) or key in TAG_KEYS or key in OPTION_KEYS


def make_shortcuts(
    owner: QWidget,
    pressed: Callable[[str, tuple[UserAction, ...]], None],
    *,
    wanted: Callable[[str], bool] = lambda _: True,
) -> list[QShortcut]:
    """A shortcut for each key that is wanted, always on, so that a key whose action is off can say why."""
    shortcuts: list[QShortcut] = []
    for key, user_actions in keys_by_sequence().items():
        if not wanted(key):
            continue
        shortcut = QShortcut(QKeySequence(key), owner)
        shortcut.setObjectName(f"key_{key}")
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda chosen=key, shared=user_actions: pressed(chosen, shared))
        shortcuts.append(shortcut)
    return shortcuts


def native_key(key: str) -> str:
    """A key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
