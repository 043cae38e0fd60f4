"""Between the services and the bottom line with its banners: link, points, unsent cards, where the secrets are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.errors import LimitExceeded, RightsMissing
from app.telephony.poller import LinkHealth, LinkReport
from ui.bridge import bridge
from ui.errors import text_of
from ui.panels.banners import BannerKind, BannersView, BannerText
from ui.panels.status_line.report_trouble import ReportTrouble, report_trouble
from ui.panels.status_line.view import StatusLineView
from ui.panels.status_line.view_state import LinkLight, PointsLeft, StatusLineState
from ui.pauses import needs_connect
from ui.texts.budget import (
    account_text,
    details_text,
    dismiss_text,
    limit_text,
    look_refused_text,
    no_list_text,
    version_text,
)
from ui.texts.crm_reasons import AMOCRM, BITRIX24
from ui.texts.status import (
    connect_text,
    delivery_banner_text,
    keyring_text,
    not_saved_text,
    pbx_down_text,
    reports_text,
    resume_text,
    retry_text,
    sign_in_banner_text,
    unsent_text,
)
from ui.texts.times import age_text
from ui.widgets.second_tick import SecondTick

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.tasks import TaskScope


class StatusPresenter(QObject):
    """Made after the first paint; lives as long as the view. `waiting_changed(str)`: what is told of waiting cards."""

    waiting_changed = Signal(str)

    def __init__(
        self,
        view: StatusLineView,
        banners: BannersView,
        services: Services,
        scope: TaskScope,
        tick: SecondTick,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._banners = banners
        self._services = services
        self._scope = scope
        self._secrets_note = ""
        self._is_version_dismissed = False
        self._dismissed: ReportTrouble | None = None
        self._told_waiting = ""
        banners.help_requested.connect(self._help)
        bridge(services.poller.link, lambda _: self._show(), view)
        bridge(services.delivery.changed, lambda _: self._show(), view)
        bridge(services.delivery.pauses_changed, lambda _: self._show(), view)
        bridge(services.wrap_up.changed, lambda _: self._show(), view)
        bridge(services.recordings.trouble_changed, lambda _: self._show(), view)
        bridge(services.unseen_calls.trouble_changed, lambda _: self._show(), view)
        tick.ticked.connect(self._age)
        self.read_secrets_place()
        self._show()

    def read_secrets_place(self) -> None:
        """Look again where the secrets are kept: after *Connect* and *Sign out*."""
        self._scope.start(self._read_secrets_place(), name="where secrets are kept")

    def look_now(self) -> None:
        """*Refresh now*: says so when it is not done."""
        refusal = self._services.poller.look_now()
        if refusal is not None:
            self._view.say(look_refused_text(refusal), tone="held")

    def _help(self, kind: BannerKind) -> None:
        if kind is BannerKind.ACCOUNT:
            self._services.poller.refresh_soon()
        elif kind is BannerKind.POINTS:
            self._view.points_clicked.emit()
        elif kind is BannerKind.VERSION:
            self._is_version_dismissed = True
            self._show()
        elif kind is BannerKind.REPORTS:
            self._dismissed = self._trouble()
            self._show()

    async def _read_secrets_place(self) -> None:
        place = await self._services.secrets.describe()
        self._secrets_note = keyring_text(place.kind, place.reason)
        self._show()

    def _show(self) -> None:
        report, delivery = self._services.poller.report, self._services.delivery
        seen = None if report.last_success is None else report.last_success.monotonic_s
        self._view.show_state(
            StatusLineState(
                link=_light_of(report),
                seen_monotonic_s=seen,
                points=self._points_left(report),
                reduced_to_s=report.interval_s if report.is_reduced else None,
                unsent_cards=delivery.unsent_count,
                set_aside_cards=self._services.wrap_up.set_aside_count,
                is_delivery_paused=delivery.paused is not None,
                secrets_note=self._secrets_note,
            )
        )
        waiting = unsent_text(delivery.unsent_count, self._services.wrap_up.set_aside_count)
        if waiting != self._told_waiting:
            self._told_waiting = waiting
            self.waiting_changed.emit(waiting)
        self._show_banners(report)

    @staticmethod
    def _points_left(report: LinkReport) -> PointsLeft:
        points = report.points
        if points is None:
            return PointsLeft()
        return PointsLeft(points.minute_remaining, points.minute_limit, points.day_remaining, points.day_limit)

    def _show_banners(self, report: LinkReport) -> None:
        sign_in = down = version = None
        if report.health is LinkHealth.SIGN_IN_NEEDED:
            reason = text_of(report.error) if report.error is not None else ""
            sign_in = BannerText(sign_in_banner_text(reason), connect_text())
        if self._is_down(report):
            down = self._down(report)
        if report.is_version_deprecated and not self._is_version_dismissed:
            version = BannerText(version_text(), dismiss_text())
        self._banners.show_banner(BannerKind.SIGN_IN, sign_in)
        self._banners.show_banner(BannerKind.PBX_DOWN, down)
        self._banners.show_banner(BannerKind.ACCOUNT, self._account(report))
        self._banners.show_banner(BannerKind.POINTS, self._points(report))
        self._banners.show_banner(BannerKind.NOT_SAVED, self._not_saved())
        self._banners.show_banner(BannerKind.DELIVERY, self._paused(BITRIX24))
        self._banners.show_banner(BannerKind.SECOND_DELIVERY, self._paused(AMOCRM))
        self._banners.show_banner(BannerKind.REPORTS, self._reports())
        self._banners.show_banner(BannerKind.VERSION, version)

    def _not_saved(self) -> BannerText | None:
        """A card, or what was typed into it, did not reach the disk."""
        errors = (card.save_error for card in self._services.wrap_up.cards.values())
        error = next((error for error in errors if error is not None), None)
        return None if error is None else BannerText(not_saved_text(text_of(error)))

    def _paused(self, crm_name: str) -> BannerText | None:
        """A CRM that gets nothing until somebody mends the cause."""
        error = self._services.delivery.pauses.get(crm_name)
        if error is None:
            return None
        text = delivery_banner_text(crm_name, error, self._services.delivery.unsent_count)
        return BannerText(text, connect_text() if needs_connect(error) else resume_text())

    def _trouble(self) -> ReportTrouble | None:
        return report_trouble(self._services.recordings.trouble, self._services.unseen_calls.trouble)

    def _reports(self) -> BannerText | None:
        """Recordings, or calls nobody saw, are not found until the administrator mends the cause. Put away, it comes
        back with another cause only."""
        trouble = self._trouble()
        if trouble is None or trouble == self._dismissed:
            return None
        return BannerText(reports_text(trouble), dismiss_text())

    @staticmethod
    def _is_down(report: LinkReport) -> bool:
        """Old data whose cause has no banner of its own."""
        return report.health is LinkHealth.DOWN and not isinstance(report.error, (LimitExceeded, RightsMissing))

    @staticmethod
    def _account(report: LinkReport) -> BannerText | None:
        """The account may not list its calls: what is missing, and where to put that right."""
        if report.health is LinkHealth.NO_LIST:
            return BannerText(no_list_text(), retry_text())
        if not isinstance(report.error, RightsMissing):
            return None
        return BannerText(account_text(text_of(report.error)), retry_text())

    def _points(self, report: LinkReport) -> BannerText | None:
        """Points are used up, and until when."""
        ends_at = report.limit_ends_at
        if ends_at is None:
            return None
        return BannerText(limit_text(ends_at, self._services.clock.now()), details_text())

    def _age(self) -> None:
        """The banner about an old picture tells its age, too."""
        report = self._services.poller.report
        if self._is_down(report):
            self._banners.show_banner(BannerKind.PBX_DOWN, self._down(report))

    def _down(self, report: LinkReport) -> BannerText:
        return BannerText(pbx_down_text(self._age_of(report)), retry_text())

    def _age_of(self, report: LinkReport) -> str:
        if report.last_success is None:
            return ""
        return age_text(self._services.clock.monotonic() - report.last_success.monotonic_s)


def _light_of(report: LinkReport) -> LinkLight:
    """ "No answer" would be wrong where it answers and says no."""
    if report.limit_ends_at is not None:
        return LinkLight.NO_POINTS
    if isinstance(report.error, RightsMissing) and report.health is not LinkHealth.NO_LIST:
        return LinkLight.NOT_ALLOWED
    return LinkLight(report.health.value)
