"""The portal's whole memory and its switches, with the calls a test or a scenario makes on it. No HTTP here."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.simulator.bitrix24_api.crm import CrmBase
from app.simulator.bitrix24_api.limiter import LeakyBucket
from app.simulator.bitrix24_api.operating import OperatingLedger
from app.simulator.bitrix24_api.rows import (
    CallActivity,
    CallRecord,
    CrmEntity,
    OpenCall,
    PortalUser,
    StatisticsRow,
    TimelineComment,
    UploadToken,
)
from app.simulator.clock import SimulatorClock
from app.simulator.config import SimulatorConfig
from app.simulator.oauth import Application, TokenDesk
from app.simulator.zones import zone_of

ADMINISTRATOR_ID = 1
REFRESH_TTL_S = 180 * 86_400

_MARK = re.compile(r"[\w.:-]+")


@dataclass(frozen=True)
class Caller:
    """Who a request acts for: a webhook's creator (`app_id` None) or the user of an application's token."""

    user_id: int
    app_id: str | None
    host: str
    """Host and port the request was sent to, for the addresses the portal gives out."""
    token: str = ""
    """The application's access token, which the portal puts into the addresses it gives out."""


@dataclass
class PortalSwitches:
    """Behaviour of the portal that a test turns; the defaults are a healthy portal."""

    app_only: bool = False
    """register and finish answer WRONG_AUTH_TYPE to a webhook."""
    limit_rate: bool = True
    limit_operating: bool = True
    """480 seconds of server time a method and ten minutes, else OPERATION_TIME_LIMIT."""
    may_view_statistics: bool = True
    """The right "Call Statistics - View" of the calling user."""
    crm_installed: bool = True
    may_read_lists: bool = True
    """Else crm.status.list says "Access denied." where other methods have a code."""
    sees_all_customers: bool = True
    """Else the calling user sees the customers they are responsible for."""
    lead_creation_error: str | None = None
    """Text of LEAD_CREATION_ERROR inside an HTTP 200 of register; then no lead is made."""
    activity_creation_error: str | None = None
    """Text under ERRORS.ACTIVITY_CREATION inside an HTTP 200 of finish; then no activity is made."""


class BitrixPortal:
    """Rows, id counters and switches. The methods that work on them live in the modules beside this one."""

    def __init__(self, config: SimulatorConfig, clock: SimulatorClock) -> None:
        self.config = config
        self.clock = clock
        self.zone = zone_of(config.time_zone)
        self.bucket = LeakyBucket(clock)
        self.operating = OperatingLedger(clock)
        self.switches = PortalSwitches(
            app_only=config.app_only, limit_rate=config.limit_bitrix_rate, limit_operating=config.limit_bitrix_rate
        )
        self.finish_dies_after: Literal["activity", "statistics"] | None = None
        """finish writes up to and including this row, and then dies."""
        self.finish_dies_with: Literal["http_500", "database_error"] = "http_500"
        self.finish_dies_times: int | None = None
        """How many more times; None = until switched off."""
        self.crm = CrmBase()
        self.users: dict[int, PortalUser] = {}
        self.open_calls: dict[str, OpenCall] = {}
        self.statistics: list[StatisticsRow] = []
        self.records: list[CallRecord] = []
        self.upload_tokens: dict[str, UploadToken] = {}
        """Token of an uploadUrl -> what may be uploaded there."""
        self.attach_dies_times = 0
        """How many more times attachRecord dies when the recording is in the statistics and not in the activity."""
        self.lines: dict[str, str] = {}
        """External line -> CRM_AUTO_CREATE, Y or N; an unknown LINE_NUMBER adds itself."""
        self.app_tokens: dict[str, tuple[int, str]] = {}
        """Access token of an application -> user and application id."""
        self.desk = TokenDesk(
            Application(config.bitrix_client_id, config.bitrix_client_secret),
            clock,
            first_refresh_token=config.bitrix_refresh_token,
            access_ttl_s=config.bitrix_access_ttl_s,
            refresh_ttl_s=REFRESH_TTL_S,
            seed=f"bitrix24/{config.seed}",
        )
        """Renews the tokens of the local application, which acts for `config.bitrix_user_id`."""
        self.chat_messages: list[tuple[int, str]] = []
        """User and CALL_ID of each call posted to a chat (ADD_TO_CHAT=1)."""
        self.missed_numbers: list[str] = []
        self.fetch: Callable[[str], tuple[int, bytes]] = lambda _url: (404, b"")
        """How attachRecord gets a RECORD_URL: HTTP status and body. The simulator itself goes nowhere."""
        self._random = random.Random(f"bitrix24/{config.seed}")
        self._last_ids: Counter[str] = Counter(activity=7942, statistics=6, comment=998, file=9078)
        self.add_user(ADMINISTRATOR_ID, "Администратор портала", None)
        self.add_user(config.bitrix_user_id, "Оператор", None)

    @property
    def activities(self) -> list[CallActivity]:
        """CRM activities of finished calls, oldest first."""
        return self.crm.activities

    @property
    def comments(self) -> list[TimelineComment]:
        """Timeline comments, oldest first."""
        return self.crm.comments

    @property
    def leads(self) -> list[CrmEntity]:
        """Leads, those made by register included."""
        return self.crm.of_type("LEAD")

    @property
    def contacts(self) -> list[CrmEntity]:
        """Contacts."""
        return self.crm.of_type("CONTACT")

    def add_contact(self, entity_type: str, entity_id: int, name: str, phone: str, responsible_user_id: int) -> None:
        """Put a customer into the CRM: CONTACT, COMPANY, LEAD or DEAL, in any case."""
        self.crm.add(entity_type, entity_id, name, phone, responsible_user_id)

    def add_user(self, user_id: int, name: str, inner_phone: str | None) -> PortalUser:
        """Add or replace an active employee."""
        self.users[user_id] = PortalUser(user_id, name, inner_phone)
        return self.users[user_id]

    def finished_calls_of(self, external_call_id: str) -> list[StatisticsRow]:
        """Statistics rows of one physical call; more than one is a duplicate."""
        return [row for row in self.statistics if row.external_call_id == external_call_id]

    def duplicates(self) -> list[str]:
        """What was written more than once, sorted: external call ids and the texts of repeated comments.

        An external call id counts when it has two statistics rows, two activities, or stands as a marker in two
        comments.
        """
        finished = Counter(row.external_call_id for row in self.statistics)
        active = Counter(row.external_call_id for row in self.activities)
        texts = Counter((row.entity_type, row.entity_id, row.comment) for row in self.comments)
        repeated = {
            external for counts in (finished, active) for external in counts if external and counts[external] > 1
        }
        marked = Counter(mark for row in self.comments for mark in marks_in(row.comment))
        repeated |= {external for external in self._external_ids() if marked[external] > 1}
        repeated |= {comment for (_, _, comment), times in texts.items() if times > 1}
        return sorted(repeated)

    def comments_of(self, external_call_id: str) -> list[TimelineComment]:
        """Comments whose text carries this external call id as a marker."""
        return [row for row in self.comments if external_call_id in marks_in(row.comment)]

    def next_id(self, kind: Literal["activity", "statistics", "comment", "file"]) -> int:
        """A fresh id of one table."""
        self._last_ids[kind] += 1
        return self._last_ids[kind]

    def fresh_call_id(self) -> str:
        """`externalCall.<32 hex>.<unix>`, by the seed."""
        return f"externalCall.{self.fresh_token()}.{int(self.clock.now().timestamp())}"

    def fresh_token(self) -> str:
        """32 hexadecimal digits, by the seed."""
        return f"{self._random.getrandbits(128):032x}"

    def owner_of(self, token: str) -> tuple[int, str] | None:
        """User and application of an access token that is valid now."""
        if self.desk.is_valid(token):
            return self.config.bitrix_user_id, self.config.bitrix_client_id
        return self.app_tokens.get(token)

    def take_death(self, point: Literal["activity", "statistics"]) -> bool:
        """Whether finish dies now, right after writing `point`; counts it."""
        if self.finish_dies_after != point or self.finish_dies_times == 0:
            return False
        if self.finish_dies_times is not None:
            self.finish_dies_times -= 1
        return True

    def _external_ids(self) -> set[str]:
        rows: list[StatisticsRow | CallActivity | OpenCall] = [
            *self.statistics,
            *self.activities,
            *self.open_calls.values(),
        ]
        return {row.external_call_id for row in rows if row.external_call_id}


def marks_in(comment: str) -> set[str]:
    """Whatever stands in a comment unbroken by spaces or brackets, and so may be a marker."""
    return {found.strip(".:") for found in _MARK.findall(comment)}
