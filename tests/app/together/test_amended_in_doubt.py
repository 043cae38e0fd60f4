"""One CRM refuses the number while the other may have the call: a correction waits until that is known."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from app.amocrm.adapter import plan_steps as amocrm_steps
from app.bitrix24.adapter import plan_steps as bitrix24_steps
from app.crm.port import CardToWrite
from app.database import Database
from app.errors import Refused
from app.outbox.entry import OutboxCard, PlannedStep, StepState
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.delivery import Delivery
from app.simulator.faults import HttpError, LoseReply
from tests.app.amocrm.account_world import account_world
from tests.app.bitrix24.portal_world import CARD_KEY, STRANGER_NUMBER, portal_world
from tests.app.outbox.delivery_world import QUICK, exactly_once
from tests.helpers.waiting import until

UNSUPPORTED = b'{"error":"ERROR_CORE","error_description":"Unsupported phone number format"}'


def both_plans(card: CardToWrite) -> tuple[PlannedStep, ...]:
    return bitrix24_steps(card) + amocrm_steps(card)


async def test_a_number_is_not_corrected_while_the_other_crm_may_have_the_call_under_it(tmp_path: Path) -> None:
    """The call is looked for by its number: under another one it would not be found, and written twice."""
    async with portal_world() as portal, account_world() as account:
        database = Database(tmp_path / "pult.db", migrations=MIGRATIONS)
        await database.open()
        store = OutboxStore(database)
        worker = OutboxWorker(store, [portal.crm, account.crm], portal.clock, pace=QUICK, dice=random.Random(7))
        delivery = Delivery(store, worker, portal.clock, both_plans)

        async def entry() -> OutboxCard:
            found = await store.card(CARD_KEY)
            assert found is not None
            return found

        async def state_of(name: str, crm_name: str) -> StepState:
            step = (await entry()).step(name, crm_name)
            assert step is not None
            return step.step_state

        try:
            await worker.start()
            portal.faults.add(
                HttpError(400, UNSUPPORTED, content_type="application/json"),
                operation="telephony.externalCall.register",
            )
            account.faults.add(LoseReply(), operation="POST calls")
            away = account.faults.add(HttpError(500), operation="GET contacts", times=None)
            card = portal.card(notes="")
            await store.save(card, both_plans(card), portal.clock.now())
            worker.add(CARD_KEY)
            await until(lambda: account.account.calls)
            while await state_of("register", "bitrix24") is not StepState.PARKED:
                pass
            while await state_of("call", "amocrm") is not StepState.UNKNOWN:
                pass
            corrected = replace(card, phone_number=STRANGER_NUMBER)
            with pytest.raises(Refused, match="field_not_amendable"):
                await delivery.amend(CARD_KEY, corrected)
            away.release()
            while await state_of("call", "amocrm") is not StepState.DONE:
                pass
            assert await delivery.amend(CARD_KEY, corrected) == {"phone_number"}
            while not (await entry()).is_done:
                pass
            assert len(account.account.calls) == 1
            exactly_once(portal, card)
        finally:
            await worker.aclose()
            await database.aclose()
