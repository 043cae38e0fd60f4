"""What the portal's tables hold: one dataclass per kind of row, and nothing that acts on them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class PortalUser:
    """An employee of the company as Bitrix24 knows them."""

    user_id: int
    name: str
    inner_phone: str | None
    is_active: bool = True
    timeman: str = "OPENED"
    mobile_phone: str | None = None
    user_type: str = "employee"


@dataclass(slots=True)
class CrmEntity:
    """A contact, company, lead or deal."""

    entity_type: str
    """CONTACT, COMPANY, LEAD or DEAL."""
    entity_id: int
    name: str
    phone_number: str
    """Stripped; empty when the entity has none."""
    responsible_user_id: int
    created_by_call: str | None = None
    """CALL_ID of the registration that made it (CRM_CREATE=1)."""
    source_id: str = ""
    """CRM_SOURCE of that registration."""


@dataclass(slots=True)
class OpenCall:
    """A registered call that is not finished. Only these are seen by the 30-minute rule."""

    call_id: str
    external_call_id: str | None
    user_id: int
    phone_number: str
    call_type: int
    line_number: str
    started_at: datetime
    """From CALL_START_DATE, which is why an old call is never found again (crm-notes 1.1)."""
    app_id: str | None
    """None for every webhook of the portal: they share one space of registrations."""
    entity_type: str = ""
    entity_id: int | None = None
    created_lead_id: int | None = None
    lead_creation_error: str | None = None
    call_list_id: int | None = None
    is_internal: bool = False
    shown_to: set[int] = field(default_factory=set)


@dataclass(slots=True)
class CallActivity:
    """The CRM activity "call" that finish creates, bound to the call's customer."""

    activity_id: int
    call_id: str
    external_call_id: str | None
    entity_type: str
    entity_id: int
    responsible_user_id: int
    phone_number: str
    call_type: int
    started_at: datetime
    created_at: datetime
    duration_s: int
    record_file_id: int | None = None

    @property
    def origin_id(self) -> str:
        """The key by which a half-done finish can be found (crm-notes 1.2)."""
        return f"VI_{self.call_id}"


@dataclass(slots=True)
class StatisticsRow:
    """A finished call in the telephony statistics."""

    row_id: int
    call_id: str
    external_call_id: str | None
    user_id: int
    phone_number: str
    line_number: str
    call_type: int
    duration_s: int
    started_at: datetime
    vote: int | None
    cost: float
    cost_currency: str
    failed_code: str
    failed_reason: str
    app_id: str | None
    entity_type: str
    entity_id: int | None
    activity_id: int | None
    record_file_id: int | None = None
    call_list_id: int | None = None


@dataclass(slots=True)
class TimelineComment:
    """A comment in the timeline of a CRM entity."""

    comment_id: int
    entity_type: str
    """Lower case, as the method wants it."""
    entity_id: int
    comment: str
    author_id: int
    created_at: datetime
    file_names: tuple[str, ...] = ()


@dataclass(slots=True)
class CallRecord:
    """The sound file of a finished call, on the portal's drive."""

    file_id: int
    call_id: str
    file_name: str
    content: bytes
    month: str
    """Folder on the drive, from the call's start: ``2026-03``."""


@dataclass(frozen=True, slots=True)
class UploadToken:
    """Permission to upload one call's recording, in an address that holds an access token too."""

    call_id: str
    auth: str
    of_application: bool
    """`auth` is an application's own token, and the address dies with it."""
    expires_at_s: float
    """By the monotonic clock."""
