"""Builds what follows a call: open cards, the outbox they go to, recordings. Opening and closing is bootstrap's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.board import CallBoard
from app.clock import Clock
from app.database import Database
from app.domain.calls import EmployeeId
from app.follow_up import build_recordings, build_unseen_calls
from app.http import HttpSession
from app.integrations import pbx_host, plan_registration, plan_steps, plan_withdrawal
from app.outbox.drafts import DraftStore
from app.outbox.entry import StepPlan
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.call_control import CallControl
from app.services.calls_to_return import CallsToReturn
from app.services.card_follower import CallOrigins
from app.services.crm_lists import CrmLists
from app.services.delivery import Delivery
from app.services.desk import desk_of
from app.services.early_registration import EarlyPlans
from app.services.recordings import Recordings
from app.services.screen_pop import ScreenPop
from app.services.start_call import StartCalls
from app.services.transfer_watch import TransferWatch
from app.services.unseen_calls import UnseenCalls
from app.services.wrap_up import WrapUp
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Ground:
    """What the after-call work stands on."""

    clock: Clock
    http: HttpSession
    database: Database
    cache_dir: Path
    board: CallBoard
    call_control: CallControl
    start_calls: StartCalls


@dataclass(frozen=True, slots=True)
class AfterCall:
    """The services of the after-call work."""

    screen_pop: ScreenPop
    crm_lists: CrmLists
    transfer_watch: TransferWatch
    calls_to_return: CallsToReturn
    wrap_up: WrapUp
    worker: OutboxWorker
    delivery: Delivery
    recordings: Recordings
    unseen_calls: UnseenCalls


def build_after_call(
    settings: Settings, *, settings_now: Callable[[], Settings], me: Callable[[], EmployeeId | None], ground: Ground
) -> AfterCall:
    """All of it, not started yet. `settings` are those of the start; *Connect* may change them, and who sits here."""
    clock, database, board = ground.clock, ground.database, ground.board
    store = OutboxStore(database)
    plan: StepPlan = lambda card: plan_steps(settings_now(), card)  # noqa: E731
    worker = OutboxWorker(store, [], clock)
    recordings = build_recordings(database, store, worker, ground.http, clock, ground.cache_dir)
    screen_pop, crm_lists = ScreenPop(clock), CrmLists()
    transfer_watch = TransferWatch(board, ground.call_control, me, ground.start_calls.is_own)
    calls_to_return = CallsToReturn(board, clock, transfer_watch.changes)

    def hand_over(card_key: str) -> None:
        worker.add(card_key)
        recordings.look_for(card_key)

    wrap_up = WrapUp(
        board=board,
        screen_pop=screen_pop,
        store=store,
        drafts=DraftStore(database),
        plan=plan,
        clock=clock,
        desk=desk_of(settings, pbx_host(settings)),
        was_ended_by_us=ground.call_control.was_ended_by_us,
        hand_over=hand_over,
        my_crm_user=lambda: crm_lists.my_user_id,
        early=_early_plans(settings_now, worker),
        origins=CallOrigins(ground.start_calls.start_of, calls_to_return.is_owed),
    )
    return AfterCall(
        screen_pop=screen_pop,
        crm_lists=crm_lists,
        transfer_watch=transfer_watch,
        calls_to_return=calls_to_return,
        wrap_up=wrap_up,
        worker=worker,
        delivery=Delivery(store, worker, clock, plan),
        recordings=recordings,
        unseen_calls=build_unseen_calls(database, board, wrap_up, clock),
    )


def _early_plans(settings: Callable[[], Settings], worker: OutboxWorker) -> EarlyPlans:
    return EarlyPlans(
        registration=lambda card: plan_registration(settings(), card),
        withdrawal=lambda card: plan_withdrawal(settings(), card),
        hand_over=lambda card_key: worker.add(card_key, is_saved=False),
    )
