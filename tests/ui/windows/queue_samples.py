"""Cards of the queue in every state, and the state of the window that shows them. No tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.crm.port import CardToWrite, StepReceipt
from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.wrap_up import CallFacts, CardDraft, CardFields, Disposition, ProposedDisposition
from app.errors import PultError, RightsMissing, SignInRefused
from app.outbox.audit import AuditRow
from app.outbox.entry import CardPhase, OutboxCard, OutboxStep, StepState
from app.services.open_card import OpenCard
from ui.windows.queue_deeds import Choice, verdicts_of
from ui.windows.queue_details import detail_of_card
from ui.windows.queue_rows import arrange, counts_of, emptiness_of, row_of_card, row_of_draft
from ui.windows.queue_state import PausedCrm, QueueRow, QueueShow, QueueState, RecordingLine

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ORIGINS = {"bitrix24": "https://example.bitrix24.ru", "amocrm": "https://example.amocrm.ru"}
REGISTERED = StepReceipt({"call_id": "externalCall.1c4f.1772452800"})
FINISHED = StepReceipt({"activity_id": "7943", "customer_kind": "contact", "customer_id": "797"})
NOTED = StepReceipt({"comment_id": "4711"})
RECORDED = StepReceipt({"file_id": "9079"})
IN_AMOCRM = StepReceipt(
    {
        "amo_note_id": "76396841",
        "amo_entity_type": "contact",
        "amo_entity_id": "11070881",
        "amo_link": "https://example.amocrm.ru/contacts/detail/11070881",
    }
)
HIDDEN = "anonymous"


def written(place: int, number: str = "79062195047", **chosen: object) -> CardToWrite:
    card = CardToWrite(
        card_key=f"pult-pbx-{place}",
        direction=Direction.INBOUND,
        phone_number=number,
        line_number="74951045771",
        started_at=NOW - timedelta(minutes=3 * place + 2),
        talk_s=95,
        disposition_code="200",
        crm_user_id=7,
        notes="Договор продлён до июня, выслать счёт.",
    )
    return replace(card, **chosen)  # type: ignore[arg-type]


def done(crm_name: str, name: str, receipt: StepReceipt) -> OutboxStep:
    return OutboxStep(name, crm_name, StepState.DONE, attempts=1, receipt=receipt)


def card_of(place: int, *steps: OutboxStep, phase: CardPhase = CardPhase.SAVED, **chosen: object) -> OutboxCard:
    content = written(place, **chosen)  # type: ignore[arg-type]
    return OutboxCard(content.card_key, NOW - timedelta(minutes=3 * place), content, steps, phase)


def parked(
    place: int, reason: str, *, crm_name: str = "bitrix24", name: str = "register", **chosen: object
) -> OutboxCard:
    """A card that stopped for that reason; in Bitrix24 amoCRM has it already."""
    others = [done("amocrm", "call", IN_AMOCRM)] if crm_name == "bitrix24" else [done("bitrix24", "finish", FINISHED)]
    params = chosen.pop("params", {})
    step = OutboxStep(name, crm_name, StepState.PARKED, attempts=1, reason=reason, reason_params=params)  # type: ignore[arg-type]
    return card_of(place, step, *others, **chosen)  # type: ignore[arg-type]


def awaiting_recording(place: int, **chosen: object) -> OutboxCard:
    """All is sent but a recording nobody has yet. `chosen`: of its step."""
    step = OutboxStep(
        "record",
        "bitrix24",
        StepState.PENDING,
        0,
        NOW + timedelta(seconds=30),
        "recording_not_ready",
        lane="record",
        requires="finish",
    )
    return card_of(
        place,
        done("bitrix24", "register", REGISTERED),
        done("bitrix24", "finish", FINISHED),
        done("amocrm", "call", IN_AMOCRM),
        replace(step, **chosen),  # type: ignore[arg-type]
    )


def every_state() -> tuple[OutboxCard, ...]:
    """One card of each state, the parked ones by different reasons."""
    return (
        parked(1, "number_hidden", number=HIDDEN),
        card_of(
            2,
            done("bitrix24", "register", REGISTERED),
            done("bitrix24", "finish", FINISHED),
            OutboxStep("note", "bitrix24", StepState.PARKED, 1, reason="customer_needed"),
        ),
        parked(3, "amo_number_unknown", crm_name="amocrm", name="call", number="79995550142"),
        parked(
            4,
            "crm_user_not_found",
            params={"vendor_message": "User is not found or is not active"},
            is_completed_automatically=True,
        ),
        card_of(
            5,
            done("bitrix24", "register", REGISTERED),
            OutboxStep(
                "finish", "bitrix24", StepState.UNKNOWN, 1, NOW + timedelta(seconds=65), "read_timeout", claimed_at=NOW
            ),
            OutboxStep("call", "amocrm", StepState.PENDING),
        ),
        card_of(6, OutboxStep("register", "bitrix24", StepState.IN_FLIGHT, 1), number="74951112233"),
        card_of(7, OutboxStep("register", "bitrix24", StepState.PENDING, 3, NOW + timedelta(seconds=40), "connect")),
        card_of(8, OutboxStep("call", "amocrm", StepState.PENDING), is_completed_automatically=True),
        card_of(
            9,
            done("bitrix24", "register", REGISTERED),
            done("bitrix24", "finish", replace(FINISHED, warnings=("Lead creation is disabled for local users",))),
            done("bitrix24", "record", RECORDED),
            done("bitrix24", "note", NOTED),
            done("amocrm", "call", IN_AMOCRM),
        ),
        card_of(10, OutboxStep("register", "bitrix24", StepState.PENDING), phase=CardPhase.DISCARDED),
        awaiting_recording(13),
    )


def draft_of(place: int, *, is_offered: bool = False) -> OpenCard:
    facts = CallFacts(
        card_key=f"pult-pbx-{place}",
        call_session_id=CallSessionId(place),
        leg_id=LegId(place),
        employee_id=EmployeeId(2001),
        direction=Direction.OUTBOUND,
        phone_number="79347712782",
        line_number="74951045771",
        started_at=NOW - timedelta(minutes=3 * place),
        talk_s=31,
        proposed=ProposedDisposition(Disposition.SUCCESS),
        ended_at=NOW - timedelta(minutes=3 * place - 1),
    )
    draft = CardDraft(facts, CardFields(notes="Уточнить адрес"))
    return OpenCard(draft, is_set_aside=not is_offered, is_offered=is_offered)


def rows_of_everything() -> tuple[QueueRow, ...]:
    drafts = (row_of_draft(draft_of(11)), row_of_draft(draft_of(12, is_offered=True)))
    return (*map(row_of_card, every_state()), *drafts)


def paused(crm_name: str, error: PultError, *, waiting: int = 3) -> PausedCrm:
    return PausedCrm(crm_name, error, waiting, needs_connect=isinstance(error, SignInRefused))


PAUSED = (
    paused("bitrix24", SignInRefused("oauth_sign_in_again")),
    paused("amocrm", RightsMissing("amo_subscription_ended"), waiting=2),
)


def state_of(
    *,
    show: QueueShow = QueueShow.EVERYTHING,
    chosen: str | None = None,
    text: str = "",
    pauses: tuple[PausedCrm, ...] = (),
    recording: RecordingLine | None = None,
) -> QueueState:
    """The window with all of it, as the presenter puts it together."""
    rows = rows_of_everything()
    shown = arrange(rows, show, text, keep=chosen)
    counts = counts_of(rows)
    row = next((row for row in rows if row.card_key == chosen), None)
    card = next((card for card in every_state() if card.card_key == chosen), None)
    audit = (
        AuditRow(NOW - timedelta(minutes=9), chosen or "", "amended"),
        AuditRow(NOW - timedelta(minutes=8), chosen or "", "retried"),
    )
    detail = None
    if card is not None and row is not None:
        detail = detail_of_card(card, row, ORIGINS, audit=audit, recording=recording)
    return QueueState(
        rows=shown,
        counts=counts,
        emptiness=emptiness_of(show, shown=len(shown), of_filter=counts[show], was_read=True, has_failed=False),
        chosen=chosen,
        detail=detail,
        paused=pauses,
        verdicts=verdicts_of(Choice(row, recording, unsent=8, shown=len(shown))),
    )
