"""Between the outbox and the window of the queue: reads, filters, shows, and does what the operator asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.errors import PultError
from app.outbox.entry import StepState
from ui import dialogs
from ui.bridge import bridge
from ui.panels.call_card.portal_address import leads_to_portal
from ui.pauses import needs_connect
from ui.texts.queue import link_refused_text
from ui.widgets.second_tick import SecondTick
from ui.windows.crm_origins import CrmOrigins
from ui.windows.queue_cards import QueueCards
from ui.windows.queue_deeds import Choice, verdicts_of
from ui.windows.queue_details import detail_of_card, detail_of_draft, recording_line
from ui.windows.queue_doing import QueueDoing
from ui.windows.queue_rows import arrange, counts_of, emptiness_of
from ui.windows.queue_state import CardDetail, PausedCrm, QueueDeed, QueueShow, QueueState, RecordingLine
from ui.windows.queue_window import QueueWindow

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.crm.port import Recording
    from app.outbox.entry import OutboxCard
    from ui.tasks import TaskScope

_AGES_EVERY_S = 15


class OpenUrl(Protocol):
    """`QDesktopServices.openUrl`."""

    def __call__(self, url: QUrl, /) -> bool: ...


class Confirm(Protocol):
    """`ui.dialogs.confirm`."""

    async def __call__(self, parent: QWidget | None, *, title: str, text: str, confirm_text: str) -> bool: ...


class QueuePresenter(QObject):
    """Made when the window is asked for the first time. `take_up` opens a draft in the card panel, `connect` opens
    *Connect*."""

    def __init__(
        self,
        services: Services,
        scope: TaskScope,
        tick: SecondTick,
        parent: QWidget,
        *,
        take_up: Callable[[str], None],
        connect: Callable[[], None],
        confirm: Confirm = dialogs.confirm,
        open_url: OpenUrl = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._scope = scope
        self._connect_crm = connect
        self._open_url = open_url
        self._show = QueueShow.UNSENT
        self._text = ""
        self._chosen: str | None = None
        self._recording: Recording | None = None
        self._seconds = 0
        self._origins = CrmOrigins(services)
        self.window = QueueWindow(services.clock.now, parent)
        self._cards = QueueCards(services, scope, self._render)
        self._doing = QueueDoing(
            self.window, services, self._cards, confirm=confirm, open_url=open_url, take_up=take_up
        )
        self._listen(tick)

    def open(self, show: QueueShow = QueueShow.UNSENT, card_key: str | None = None) -> None:
        """Show the window, or bring it to the front, with that part of the queue and, if given, that card chosen."""
        was_visible = self.window.isVisible()
        self.window.show()
        if not was_visible:
            self.window.choose_show(show)
        self.window.raise_()
        self.window.activateWindow()
        if card_key is not None:
            self._choose(card_key)
        self._cards.read_all_soon()
        self._scope.start(self._read_origins(), name="read the CRMs' addresses")
        self._render()
        self.window.table.setFocus()

    def _listen(self, tick: SecondTick) -> None:
        window, services = self.window, self._services
        bridge(services.delivery.changed, self._note_moved, window)
        bridge(services.wrap_up.changed, lambda _: self._render(), window)
        bridge(services.recordings.changed, self._note_recording, window)
        bridge(services.delivery.pauses_changed, lambda _: self._render(), window)
        tick.ticked.connect(self._tick)
        window.card_chosen.connect(self._choose)
        window.show_chosen.connect(self._choose_show)
        window.search_changed.connect(self._search)
        window.deed_requested.connect(self._do)
        window.link_requested.connect(self._open_link)
        window.pause_help_requested.connect(self._help_pause)

    def _note_moved(self, card_keys: list[str]) -> None:
        if self.window.isVisible():
            self._cards.read_soon(card_keys)
            if self._chosen in card_keys:
                self._read_recording()

    def _note_recording(self, card_keys: list[str]) -> None:
        if self.window.isVisible() and self._chosen in card_keys:
            self._read_recording()

    def _tick(self) -> None:
        self._seconds += 1
        if self.window.isVisible() and self._seconds % _AGES_EVERY_S == 0:
            self.window.tick()

    def _choose(self, card_key: str) -> None:
        self._chosen = card_key
        self._recording = None
        self._cards.watch(card_key)
        self._read_recording()
        self._render()

    def _choose_show(self, show: QueueShow) -> None:
        self._show = show
        self._let_go()
        self._render()

    def _search(self, text: str) -> None:
        self._text = text
        self._render()

    def _let_go(self) -> None:
        """Another part of the queue: what was chosen in the last one is not meant any more."""
        self._chosen = None
        self._recording = None
        self._cards.watch(None)

    def _do(self, deed: QueueDeed) -> None:
        self._scope.start(self._doing.do(deed, self._chosen, tuple(self._shown_rows())), name=f"queue: {deed.value}")

    def _shown_rows(self) -> list[str]:
        return [row.card_key for row in self.window.model.rows]

    def _render(self) -> None:
        if not self.window.isVisible():
            return
        rows = tuple(self._cards.rows)
        shown = arrange(rows, self._show, self._text, keep=self._chosen)
        counts = counts_of(rows)
        row = self._cards.row(self._chosen)
        recording = recording_line(self._recording)
        choice = Choice(row, recording, unsent=len(self._cards.unsent), shown=len(shown))
        self.window.show_state(
            QueueState(
                rows=shown,
                counts=counts,
                emptiness=emptiness_of(
                    self._show,
                    shown=len(shown),
                    of_filter=counts[self._show],
                    was_read=self._cards.was_read,
                    has_failed=self._cards.trouble is not None,
                ),
                chosen=self._chosen if row is not None else None,
                detail=self._detail(recording),
                paused=self._paused(),
                verdicts=verdicts_of(choice),
                trouble=self._cards.trouble,
            )
        )

    def _detail(self, recording: RecordingLine | None) -> CardDetail | None:
        row = self._cards.row(self._chosen)
        if row is None:
            return None
        draft = self._services.wrap_up.cards.get(row.card_key)
        if draft is not None:
            return detail_of_draft(draft, row)
        card = self._cards.card(row.card_key)
        if card is None:
            return None
        return detail_of_card(card, row, self._origins.by_crm, audit=self._cards.audit, recording=recording)

    def _paused(self) -> tuple[PausedCrm, ...]:
        unsent = self._cards.unsent
        return tuple(
            PausedCrm(
                crm_name,
                error,
                waiting=sum(_waits_for(card, crm_name) for card in unsent),
                needs_connect=needs_connect(error),
            )
            for crm_name, error in self._services.delivery.pauses.items()
        )

    def _help_pause(self, paused: PausedCrm) -> None:
        if paused.needs_connect:
            self._connect_crm()
        else:
            self._services.delivery.resume()

    def _read_recording(self) -> None:
        card_key = self._chosen
        if card_key is not None and self._cards.card(card_key) is not None:
            self._scope.start(self._load_recording(card_key), name="look for the recording")

    async def _load_recording(self, card_key: str) -> None:
        try:
            recording = await self._services.recordings.recording_of(card_key)
        except PultError:
            return
        if card_key == self._chosen:
            self._recording = recording
            self._render()

    async def _read_origins(self) -> None:
        await self._origins.read()
        self._render()

    def _open_link(self, link: str) -> None:
        if any(leads_to_portal(link, origin) for origin in self._origins.by_crm.values()):
            self._open_url(QUrl(link))
        else:
            self.window.say(link_refused_text(), "alert")


def _waits_for(card: OutboxCard, crm_name: str) -> bool:
    return any(step.crm_name == crm_name and step.step_state is not StepState.DONE for step in card.steps)
