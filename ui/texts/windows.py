"""Words of the main window's menus and of the small windows *Keys* and *About*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.theme import ThemeChoice

_THEMES: dict[ThemeChoice, str] = {
    ThemeChoice.SYSTEM: QT_TRANSLATE_NOOP("Windows", "As the system"),
    ThemeChoice.LIGHT: QT_TRANSLATE_NOOP("Windows", "Light"),
    ThemeChoice.DARK: QT_TRANSLATE_NOOP("Windows", "Dark"),
}

_STEPS: dict[str, str] = {
    "no_core_dumps": QT_TRANSLATE_NOOP("Windows", "No copy of the memory on disk after a crash"),
    "not_dumpable": QT_TRANSLATE_NOOP("Windows", "Other programs cannot read the memory"),
    "safe_dll_search": QT_TRANSLATE_NOOP("Windows", "No libraries from the current folder"),
    "crash_stacks": QT_TRANSLATE_NOOP("Windows", "Crash reports without anybody's data"),
    "no_tls_key_log": QT_TRANSLATE_NOOP("Windows", "Keys of secure connections are not written down"),
}

_OUTCOMES: dict[str, str] = {
    "done": QT_TRANSLATE_NOOP("Windows", "on"),
    "not_available": QT_TRANSLATE_NOOP("Windows", "not available here"),
    "failed": QT_TRANSLATE_NOOP("Windows", "failed"),
}


def theme_text(choice: ThemeChoice) -> str:
    """A theme in the menu."""
    return QCoreApplication.translate("Windows", _THEMES[choice])


def app_title(*, is_demo: bool = False) -> str:
    """Title of the main window."""
    return QCoreApplication.translate("Windows", "Pult (DEMO)") if is_demo else "Pult"


def menu_call() -> str:
    return QCoreApplication.translate("Windows", "Call")


def menu_card() -> str:
    return QCoreApplication.translate("Windows", "Card")


def menu_view() -> str:
    return QCoreApplication.translate("Windows", "View")


def menu_theme() -> str:
    return QCoreApplication.translate("Windows", "Theme")


def menu_help() -> str:
    return QCoreApplication.translate("Windows", "Help")


def menu_show_window() -> str:
    return QCoreApplication.translate("Windows", "Show window")


def keys_title() -> str:
    return QCoreApplication.translate("Windows", "Keys")


def keys_column_action() -> str:
    return QCoreApplication.translate("Windows", "Action")


def keys_column_key() -> str:
    return QCoreApplication.translate("Windows", "Key")


def keys_note() -> str:
    return QCoreApplication.translate(
        "Windows", "Keys work everywhere in the window, also while you type. Escape never hangs up."
    )


def about_title() -> str:
    return QCoreApplication.translate("Windows", "About Pult")


def about_purpose() -> str:
    return QCoreApplication.translate(
        "Windows",
        "Shows and drives the account's calls. The voice stays in the phone: Pult carries no sound and cannot answer.",
    )


def about_versions() -> str:
    return QCoreApplication.translate("Windows", "Versions")


def about_data_folder() -> str:
    return QCoreApplication.translate("Windows", "Data folder")


def about_secrets() -> str:
    return QCoreApplication.translate("Windows", "Sign-in data kept in")


def about_hardening() -> str:
    return QCoreApplication.translate("Windows", "Protection of the process")


def about_icons() -> str:
    return QCoreApplication.translate("Windows", "Icons")


def secrets_place_text(kind: str, backend: str) -> str:
    """Where the secrets are, in full. `kind` as `app.secrets` gives it."""
    if kind == "keyring":
        return QCoreApplication.translate("Windows", "keyring of the system ({backend})").format(backend=backend)
    if kind == "environment":
        return QCoreApplication.translate("Windows", "environment of the process, never written")
    return QCoreApplication.translate("Windows", "memory, for this run only")


def hardening_text(step: str, outcome: str) -> str:
    """One step of the protection and what became of it; names as in `app.hardening`. A key log nobody asked for is as
    good as one that was switched off."""
    outcome = "done" if step == "no_tls_key_log" and outcome == "not_available" else outcome
    source = _STEPS.get(step)
    name = step if source is None else QCoreApplication.translate("Windows", source)
    return f"{name}: {QCoreApplication.translate('Windows', _OUTCOMES[outcome])}"


def ringing_title() -> str:
    """Title of the notice beside the clock."""
    return QCoreApplication.translate("Windows", "Incoming call")


def ringing_body(caller: str, line: str) -> str:
    """Who rings and on which line (may be empty)."""
    if not line:
        return caller
    return QCoreApplication.translate("Windows", "{caller}, on line {line}").format(caller=caller, line=line)
