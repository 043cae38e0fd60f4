"""One number, several customers: which of them the card starts with. One extension, several users: whose it is. Pure;
asking the CRM is the directory's."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.customer import CrmUser, Customer, CustomerChoice, CustomerDecision, CustomerKind


def distinct_customers(customers: Iterable[Customer]) -> tuple[Customer, ...]:
    """Each customer once, in the CRM's own order: its first is the one it recommends."""
    by_identity: dict[tuple[CustomerKind, int], Customer] = {}
    for customer in customers:
        by_identity.setdefault((customer.kind, customer.crm_entity_id), customer)
    return tuple(by_identity.values())


def first_choice(matches: tuple[Customer, ...], *, create_unknown: bool) -> CustomerChoice:
    """What is decided before the operator says anything: the recommended match; for a number nobody has, a new
    customer where the settings say so; otherwise nothing."""
    if matches:
        return CustomerChoice(CustomerDecision.FOUND, matches[0])
    return CustomerChoice(CustomerDecision.CREATE) if create_unknown else CustomerChoice()


def user_of_inner_number(users: Iterable[CrmUser], inner_number: str) -> CrmUser | None:
    """Whose extension this is; None when nobody's, or when several have it: then nobody may be guessed."""
    wanted = inner_number.strip()
    found = [user for user in users if wanted and user.inner_number == wanted]
    return found[0] if len(found) == 1 else None
