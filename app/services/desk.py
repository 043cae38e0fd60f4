"""Whose cards a console writes, what a new one starts with, and what the administrator asks of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.domain.calls import EmployeeId
from app.domain.wrap_up import RequiredField, UnknownNumberChoice
from app.services.card_to_write import CardDefaults
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class CardRules:
    """`wrap_up_s`: after the call, until an unsaved card is saved as it stands; 0: never. `extend_s`: what *Extend*
    adds. `required`: what *Save card* insists on."""

    wrap_up_s: float = 0.0
    extend_s: float = 60.0
    required: tuple[RequiredField, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose cards these are: the PBX's host, my employee there (None: no cards), and what a new card starts with."""

    pbx_host: str = ""
    me: EmployeeId | None = None
    defaults: CardDefaults = field(default_factory=CardDefaults)
    rules: CardRules = field(default_factory=CardRules)

    def with_user(self, crm_user_id: int | None) -> Desk:
        """The same, for that user of the CRM where the settings name nobody."""
        if self.defaults.crm_user_id is not None:
            return self
        return replace(self, defaults=replace(self.defaults, crm_user_id=crm_user_id))


def desk_of(settings: Settings, pbx_host: str) -> Desk:
    """The desk of the settings; `pbx_host` makes its calls' keys unique."""
    bitrix24, amocrm, card = settings.bitrix24, settings.amocrm, settings.card
    employee_id = settings.pbx.employee_id
    return Desk(
        pbx_host=pbx_host,
        me=None if employee_id is None else EmployeeId(employee_id),
        defaults=CardDefaults(
            crm_user_id=bitrix24.user_id,
            add_to_chat=bitrix24.add_to_chat,
            create_unknown=bitrix24.create_default,
            show_card=bitrix24.show_card,
            crm_source=bitrix24.source,
            records=_records(settings),
            second_user_id=amocrm.user_id,
            unknown_number=UnknownNumberChoice(amocrm.unknown_number),
        ),
        rules=CardRules(
            wrap_up_s=card.wrap_up_s,
            extend_s=card.extend_s,
            required=tuple(RequiredField(name) for name in card.required),
        ),
    )


def _records(settings: Settings) -> bool:
    """Whether any CRM gets recordings: Bitrix24 the file or its link, amoCRM a link that opens without a login."""
    bitrix24, amocrm = settings.bitrix24, settings.amocrm
    if bitrix24.enabled and bitrix24.recording != "off":
        return True
    return bool(amocrm.account_url and amocrm.links_open_without_login and amocrm.recording_wait_s > 0)
