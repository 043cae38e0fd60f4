"""Icons in the colours of the theme, drawn from the SVG files in resources/icons (Lucide)."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.paths import resource_dir
from ui.theme import theme

_sources: dict[str, str] = {}
_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


def pixmap(name: str, tone: str = "text", size: int = 20) -> QPixmap:
    """The icon in a tone of the theme ("text", "muted", "ringing", …), `size` pixels wide on any screen."""
    screen = QGuiApplication.primaryScreen()
    scale = screen.devicePixelRatio() if screen is not None else 1.0
    colour = theme.colours.tone(tone)
    key = (name, colour, size, scale)
    if key not in _pixmaps:
        _pixmaps[key] = _draw(name, colour, size, scale)
    return _pixmaps[key]


def icon(name: str, tone: str = "text", size: int = 20) -> QIcon:
    """The same as a QIcon, with a muted picture for disabled controls."""
    made = QIcon(pixmap(name, tone, size))
    made.addPixmap(pixmap(name, "muted", size), QIcon.Mode.Disabled)
    return made


def _draw(name: str, colour: str, size: int, scale: float) -> QPixmap:
    if name not in _sources:
        _sources[name] = (resource_dir() / "icons" / f"{name}.svg").read_text("utf-8")
    drawing = QSvgRenderer(QByteArray(_sources[name].replace("currentColor", colour).encode()))
    canvas = QPixmap(round(size * scale), round(size * scale))
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    drawing.render(painter, QRectF(0, 0, canvas.width(), canvas.height()))
    painter.end()
    canvas.setDevicePixelRatio(scale)
    return canvas
