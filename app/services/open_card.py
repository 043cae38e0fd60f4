"""What the side panel shows of a card that is not saved yet. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.domain.customer import Customer
from app.domain.wrap_up import CardDraft
from app.errors import PultError
from app.outbox.drafts import PartTrace

Lookup = Literal["pending", "done", "failed"]
SaveState = Literal["editing", "saving", "saved", "not_saved"]


@dataclass(frozen=True, slots=True)
class CardSaved:
    """The card is on the disk; from here on the outbox delivers it. `is_automatic`: nobody pressed *Save card*."""

    card_key: str
    saved_at: datetime
    is_automatic: bool = False
    phone_number: str = ""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card being filled in. `autosaved_at`: when what the operator typed last reached the disk, or was read back from
    it; None until he types. `save_error` is also set while editing, when autosaving fails. `is_set_aside`: the operator
    wants to write it later. `is_offered`: of a call this console did not see."""

    draft: CardDraft
    matches: tuple[Customer, ...] = ()
    lookup: Lookup = "pending"
    lookup_error: PultError | None = None
    save: SaveState = "editing"
    save_error: PultError | None = None
    autosaved_at: datetime | None = None
    trace: PartTrace = field(default_factory=PartTrace)
    is_set_aside: bool = False
    is_offered: bool = False
