"""Which language the window speaks, and its translators. The words themselves are in resources/i18n."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.paths import resource_dir
from ui.arguments import LANGUAGES


def choose_language(asked: str | None, configured: str | None, system: str) -> str:
    """`asked` on the command line, else the configured one, else Russian on a Russian system, else English."""
    for wish in (asked, configured):
        if wish in LANGUAGES:
            return str(wish)
    return "ru" if system.lower().startswith("ru") else "en"


def peek_language(config_file: Path) -> str | None:
    """[console] language of a config file, for the first paint only: the real reader checks the file after it."""
    if not config_file.is_file():
        return None
    # Imported here: a first start has no such file.
    import tomllib

    try:
        console = tomllib.loads(config_file.read_text("utf-8")).get("console")
    except (OSError, ValueError):
        return None
    language = console.get("language") if isinstance(console, dict) else None
    return language if isinstance(language, str) else None


def install_language(application: QCoreApplication, language: str) -> None:
    """Translate from now on, Qt's own words included. English needs nothing: it is the source."""
    QLocale.setDefault(QLocale(language))
    if language == "en":
        return
    for folder, name in (
        (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{language}"),
        (str(resource_dir() / "i18n"), f"pult_{language}"),
    ):
        translator = QTranslator(application)
        if translator.load(f"{name}.qm", folder):
            QCoreApplication.installTranslator(translator)
