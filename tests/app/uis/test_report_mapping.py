"""Entries of the reports, as odd as they may come, to calls, legs and addresses of recordings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calls import Direction, EmployeeId, LegId
from app.domain.reported_call import ReportedCall, ReportedLeg, parts_due
from app.domain.wrap_up import CallKind, Disposition, ProposedDisposition
from app.uis import report_mapping as mapping
from app.uis.hosts import MediaHosts, media_hosts_of

BERLIN, MOSCOW = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Moscow")
HOSTS = media_hosts_of("https://callapi.uiscom.ru/v4.0", None)
HASH = "3667abf2738dfa0a95a7f421b8493d3c"

# Why calls end, as the Data API names it, and what is proposed for an outgoing call nobody talked in.
SILENT_REASONS = (
    "success_finish",
    "operator_answer",
    "another_operator_answer",
    "internal_error",
    "incorrect_config",
    "platform_not_found",
    "add_cdr_timeout",
    "no_operation",
    "scenario_not_found",
    "no_active_scenario",
    "site_not_exists",
    "account_not_found",
    "contract_not_found",
    "sitephone_is_not_configured",
    "call_generator_is_not_configured",
    "fax_session_done",
    "call_enqueued",
    "simple_forwarding_is_not_configured",
    "max_transition_count_exceeded",
    "numb_is_inactive",
    "processing_method_not_found",
    "employee_status_available",
)


def call_entry(**changes: object) -> Mapping[str, object]:
    entry: dict[str, object] = {
        "id": 3_960_098_281,
        "start_time": "2026-03-02 12:00:00",
        "finish_time": "2026-03-02 12:01:30",
        "finish_reason": "subscriber_disconnects",
        "direction": "in",
        "source": "va",
        "total_duration": 90,
        "contact_phone_number": "79062195047",
        "virtual_phone_number": "74951045771",
    }
    return {**entry, **changes}


def only_call(**changes: object) -> ReportedCall:
    (call,) = mapping.finished_calls_of([call_entry(**changes)], MOSCOW)
    return call


def test_a_call_as_the_report_tells_it() -> None:
    call = only_call()
    assert call.call_session_id == 3_960_098_281
    assert (call.direction, call.phone_number, call.line_number) == (Direction.INBOUND, "79062195047", "74951045771")
    assert call.began_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert call.ended_at - call.began_at == timedelta(seconds=90)
    assert call.not_reached == ProposedDisposition(Disposition.MISSED)


@pytest.mark.parametrize("lasted", [1e300, "99999999:00:00", -5, "x", None])
def test_a_duration_that_cannot_be_is_none(lasted: object) -> None:
    assert only_call(total_duration=lasted).ended_at == datetime(2026, 3, 2, 9, 1, 30, tzinfo=UTC)
    entry = {"id": 7, "call_session_id": 5, "start_time": "2026-03-02 12:00:00", "is_talked": True, "duration": lasted}
    ((found,),) = mapping.legs_by_call([{**entry, "total_duration": lasted}], MOSCOW).values()
    assert (found.talk_s, found.ended_at) == (0, found.began_at)


@pytest.mark.parametrize(
    "changes",
    [
        {"start_time": "9999-12-31 23:59:59"},
        {"start_time": "0001-01-01 00:00:00"},
        {"id": None},
        {"id": 0},
        {"id": "x"},
        {"start_time": None},
        {"start_time": "yesterday"},
        {"finish_time": None},
    ],
)
def test_without_number_or_times_there_is_no_card(changes: dict[str, object]) -> None:
    assert mapping.finished_calls_of([call_entry(**changes)], MOSCOW) == ()


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("va", None),
        ("sip", None),
        ("callapi", None),
        ("callapi_informer_call", CallKind.INFORMATIONAL),
        ("callback", CallKind.CALLBACK),
        ("auto_back_call_by_lost_call", CallKind.CALLBACK),
        (None, None),
    ],
)
def test_the_kind_comes_from_the_source(source: str | None, kind: CallKind | None) -> None:
    assert only_call(source=source).kind is kind


@pytest.mark.parametrize(("reason", "expected"), sorted(mapping.NOT_REACHED.items()))
def test_why_an_outgoing_call_failed_is_no_guess_where_the_report_says_it(reason: str, expected: Disposition) -> None:
    assert only_call(direction="out", finish_reason=reason).not_reached == ProposedDisposition(expected)
    assert only_call(direction="in", finish_reason=reason).not_reached == ProposedDisposition(Disposition.MISSED)


@pytest.mark.parametrize("reason", [*SILENT_REASONS, "something_new", None, 7])
def test_a_reason_that_says_nothing_of_the_customer_leaves_a_guess(reason: object) -> None:
    assert only_call(direction="out", finish_reason=reason).not_reached.is_guess


def test_every_reason_is_either_in_the_table_or_says_nothing() -> None:
    assert not set(SILENT_REASONS) & set(mapping.NOT_REACHED)
    assert all(disposition is not Disposition.SUCCESS for disposition in mapping.NOT_REACHED.values())


@pytest.mark.parametrize(
    ("start", "finish", "lasted", "began_at", "ended_at"),
    [
        # 02:30 comes twice on 25 October; which one it is the duration tells.
        ("02:30:00", "03:10:00", 2400, "2026-10-25T01:30", "2026-10-25T02:10"),
        ("02:30:00", "03:10:00", 6000, "2026-10-25T00:30", "2026-10-25T02:10"),
        ("02:50:00", "02:10:00", 1200, "2026-10-25T00:50", "2026-10-25T01:10"),
        ("02:10:00", "02:20:00", 600, "2026-10-25T00:10", "2026-10-25T00:20"),
        ("02:10:00", "02:20:00", 4200, "2026-10-25T00:10", "2026-10-25T01:20"),
        ("01:50:00", "02:10:00", None, "2026-10-24T23:50", "2026-10-25T00:10"),
    ],
)
def test_in_the_hour_that_comes_twice(start: str, finish: str, lasted: object, began_at: str, ended_at: str) -> None:
    entry = call_entry(start_time=f"2026-10-25 {start}", finish_time=f"2026-10-25 {finish}", total_duration=lasted)
    (call,) = mapping.finished_calls_of([entry], BERLIN)
    assert call.began_at == datetime.fromisoformat(f"{began_at}+00:00")
    assert call.ended_at == datetime.fromisoformat(f"{ended_at}+00:00")


def leg(leg_id: int, employee_id: int | None, begin_s: int, end_s: int, talk_s: int = 0, **more: object) -> ReportedLeg:
    zero = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return ReportedLeg(
        leg_id=LegId(leg_id),
        employee_id=None if employee_id is None else EmployeeId(employee_id),
        began_at=zero + timedelta(seconds=begin_s),
        ended_at=zero + timedelta(seconds=end_s),
        talk_s=talk_s,
        is_talked=talk_s > 0,
        is_coach=bool(more.get("is_coach")),
    )


def due(me: int, *legs: ReportedLeg, **changes: object) -> list[tuple[int, int, CallKind | None]]:
    call = mapping.with_legs(only_call(**changes), {only_call().call_session_id: legs})
    return [(part.leg_id, part.talk_s, part.kind) for part in parts_due(call, EmployeeId(me))]


def test_whose_card_it_is() -> None:
    contact = leg(1, None, 0, 90, 80)
    assert due(7, contact, leg(11, 7, 0, 90, 80)) == [(11, 80, None)]
    assert due(8, contact, leg(11, 7, 0, 90, 80), leg(12, 8, 0, 10)) == []
    # Nobody took it: the smallest leg, whoever asks.
    assert due(7, contact, leg(12, 7, 0, 20), leg(11, 8, 0, 20)) == []
    assert due(8, contact, leg(12, 7, 0, 20), leg(11, 8, 0, 20)) == [(11, 0, None)]
    # In several rounds of ringing, too: one card by the first leg.
    assert due(8, leg(11, 8, 0, 10), leg(12, 7, 10, 20), leg(13, 8, 20, 30)) == [(11, 0, None)]


def test_a_call_that_came_through_a_colleague() -> None:
    first, second = leg(11, 7, 0, 40, 30), leg(15, 8, 35, 90, 50)
    assert due(7, first, second) == [(11, 30, None)]
    assert due(8, first, second) == [(15, 50, CallKind.INCOMING_REDIRECTED)]
    assert due(8, first, second, direction="out") == [(15, 50, None)]
    # Back with whom it began: a card for each time.
    assert due(7, first, second, leg(20, 7, 80, 120, 30)) == [(11, 30, None), (20, 30, CallKind.INCOMING_REDIRECTED)]


def test_two_phones_that_ring_together_are_one_part_named_by_the_older_leg() -> None:
    assert due(7, leg(11, 7, 0, 10), leg(12, 7, 0, 90, 80)) == [(11, 80, None)]


def test_coaches_have_no_part() -> None:
    assert due(9, leg(11, 7, 0, 90, 80), leg(13, 9, 20, 90, 60, is_coach=True)) == []
    assert due(9, leg(13, 9, 20, 90, is_coach=True)) == []


def links(hosts: MediaHosts = HOSTS, **entry: object) -> tuple[str, ...]:
    return mapping.recording_links_of({"id": 5, "communication_id": 5, **entry}, hosts)


def test_where_a_recording_may_lie() -> None:
    assert links() == ()
    assert links(call_records=[HASH]) == (
        f"https://app.uiscom.ru/system/media/talk/5/{HASH}/",
        f"https://media.uiscom.ru/5/{HASH}",
    )
    assert links(call_records=[HASH], communication_id=6)[:2] == (
        f"https://app.uiscom.ru/system/media/talk/6/{HASH}/",
        f"https://app.uiscom.ru/system/media/talk/5/{HASH}/",
    )
    assert links(wav_call_records=[HASH]) == (f"https://app.uiscom.ru/system/media/wav/5/{HASH}/",)
    assert links(full_record_file_link=f"http://media.uiscom.ru/5/{HASH}") == (f"https://media.uiscom.ru/5/{HASH}",)
    assert links(call_records=[f"https://app.uiscom.ru/x/{HASH}"]) == (f"https://app.uiscom.ru/x/{HASH}",)


@pytest.mark.parametrize(
    "link",
    [
        "https://uiscom.ru.evil.test/5/x",
        "https://eviluiscom.ru/5/x",
        "https://app.comagic.ru/5/x",
        "https://app.uiscom.ru@evil.test/x",
        "https://user:secret@app.uiscom.ru/x",
        "http://127.0.0.1:8080/x",
        "http://localhost/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "ftp://app.uiscom.ru/x",
        "//app.uiscom.ru/x",
        "https://[::1/x",
        "",
    ],
)
def test_strangers_are_not_asked(link: str) -> None:
    assert HOSTS.address_of(link) is None
    assert links(full_record_file_link=link) == ()


@pytest.mark.parametrize("record", ["../../etc/passwd", "a b", "x", "a/b" * 8, HASH + "?x=1", "%2e%2e" * 4])
def test_what_is_no_hash_makes_no_address(record: str) -> None:
    assert links(call_records=[record]) == ()


@pytest.mark.parametrize(
    ("call_api_url", "talk_url", "file_url"),
    [
        ("https://callapi.uiscom.ru/v4.0", "https://app.uiscom.ru", "https://media.uiscom.ru"),
        ("https://callapi-jsonrpc.novofon.ru/v4.0", "https://app.novofon.ru", "https://media.novofon.ru"),
        ("https://callapi.callgear.com/v4.0", "https://app.callgear.com", "https://media.callgear.com"),
        ("https://callapi.ru/v4.0", "", ""),
        ("https://pbx.example.test/v4.0", "", ""),
        ("http://127.0.0.1:5000/v4.0", "", ""),
    ],
)
def test_the_brands_hosts(call_api_url: str, talk_url: str, file_url: str) -> None:
    hosts = media_hosts_of(call_api_url, None)
    assert (hosts.talk_url, hosts.file_url) == (talk_url, file_url)


def test_this_machine_may_be_asked_only_for_a_pbx_on_it_and_the_settings_may_name_a_host() -> None:
    local = media_hosts_of("http://127.0.0.1:5000/v4.0", None)
    assert local.address_of("http://127.0.0.1:6000/5/x") == "http://127.0.0.1:6000/5/x"
    assert local.address_of("https://app.uiscom.ru/5/x") is None
    own = media_hosts_of("https://callapi.uiscom.ru/v4.0", "https://records.example.test/")
    assert links(own, call_records=[HASH])[0] == f"https://records.example.test/system/media/talk/5/{HASH}/"
    assert own.address_of("https://app.uiscom.ru/5/x") is not None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=3,
)
NAMES = (
    *call_entry(),
    *("call_session_id", "connect_time", "duration", "employee_id", "is_coach", "is_talked"),
    *("call_records", "wav_call_records", "full_record_file_link", "communication_id"),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), anything, max_size=8))
def test_no_entry_whatever_is_in_it_makes_an_error(changes: dict[str, object]) -> None:
    entry = call_entry(call_session_id=5, **changes) if "call_session_id" not in changes else call_entry(**changes)
    mapping.finished_calls_of([entry], BERLIN)
    mapping.legs_by_call([entry], BERLIN)
    mapping.is_in_parts(entry)
    for link in mapping.recording_links_of(entry, HOSTS):
        assert link.startswith("https://")
