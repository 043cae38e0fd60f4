"""Every error has a sentence for an operator, in both languages, with what the phone system told filled in."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

import app
from app.amocrm.adapter import plan_steps as amocrm_steps
from app.bitrix24.adapter import plan_steps as bitrix24_steps
from app.crm.port import CardToWrite
from app.domain.calls import Direction
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import LimitExceeded, LinkDown, OutcomeUnknown, PultError, Refused, RightsMissing, SettingsError
from app.http import PointsLimits
from app.logs import register_secret
from app.outbox import reasons
from app.paths import resource_dir
from app.uis.errors import refusal_of
from app.uis.wire import ErrorWire
from tests.app.commands.test_sentences_are_complete import every_code
from tests.helpers.qt import finish_deletions
from ui.texts.crm_reasons import crm_error_sentence, reason_sentence
from ui.texts.errors import details_of, sentence_of
from ui.texts.vendor_errors import PBX_WORDINGS, Wording

CALL_API = {
    "invalid_request", "access_token_expired", "access_token_blocked", "access_token_invalid", "limit_exceeded",
    "component_disabled", "ip_not_whitelisted", "auth_error", "account_inactive", "call_session_not_found",
    "internal_error", "data_type_error", "method_not_found", "forbidden", "parse_error",
    "batch_opreations_not_supported", "notifications_not_supported", "required_parameter_missed",
    "invalid_parameter_value", "unexpected_parameters", "tts_text_exceeded", "media_file_not_found",
    "virtual_phone_number_not_found", "employee_not_found", "no_active_phone_number",
    "own_virtual_phone_number_not_allowed", "contact_in_blacklist", "character_encoding_not_allowed",
    "invalid_parameters_combination", "scenario_not_found", "invalid_state", "tag_not_found", "duplicate_tag",
    "leg_not_found", "coach_not_found", "record_already_started", "record_already_stopped", "duplicate_contact",
    "talk_option_not_found",
}  # fmt: skip
DATA_API = {
    "method_component_disabled", "parameter_component_disabled", "sort_prohibited", "filter_prohibited",
    "date_interval_limit_reached", "entity_not_found", "dependency_error", "duplicate_entity", "data_limit_exceeded",
    "tariff_restrictions", "already_in_use", "invalid_date_time",
}  # fmt: skip
MNEMONICS = sorted(CALL_API | DATA_API)
LIMITS = PointsLimits(day_limit=750, day_remaining=0, day_reset_s=4000, minute_limit=150, minute_reset_s=52)
# Codes of the headless commands' own, which no window meets.
HEADLESS = {"owner_bad_request", "owner_busy", "owner_failed", "owner_refused"}
PLANS = {"bitrix24": bitrix24_steps, "amocrm": amocrm_steps}
EVERYTHING = CardToWrite(
    "key",
    Direction.INBOUND,
    "79990001122",
    "",
    datetime(2026, 3, 2, tzinfo=UTC),
    5,
    "200",
    7,
    notes="x",
    wants_recording=True,
    unknown_number=UnknownNumberChoice.CREATE_CONTACT,
)
# Words of the settings and the tables that begin alike.
NO_REASONS = {
    "recording_wait_s", "recording_wait_h", "recording_max_mb", "recording_state", "recording_enforced",
}  # fmt: skip
FALLBACKS = ("It did not work", "The other side refused (", "No connection (", "cannot be used (", "could be saved (")
# What a Russian sentence may hold in Latin letters.
LATIN = re.compile(
    r"\b(?:Pult|API|TOML|https|CRM|amoCRM|crm|telephony|user|mp3|wav|(?:[a-z]+\.)?[a-z0-9]+(?:_[a-z0-9]+)+)\b|\{[a-z_]+\}"
)


@pytest.fixture
def russian(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator(qapp)
    assert translator.load("pult_ru.qm", str(resource_dir() / "i18n"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)
    translator.deleteLater()
    finish_deletions()


def told(mnemonic: str, method: str = "get.tags", field: str = "", **params: object) -> PultError:
    """The error our client makes of that refusal."""
    wire = ErrorWire(code=-32602, message="In the vendor's words", mnemonic=mnemonic, field=field, params=params)
    return refusal_of(wire, LIMITS, method)


def is_fallback(sentence: str) -> bool:
    return any(words in sentence for words in FALLBACKS)


def test_every_mnemonic_has_a_sentence_of_its_own() -> None:
    for mnemonic in MNEMONICS:
        sentence = sentence_of(told(mnemonic))
        assert sentence.endswith("."), sentence
        assert "{" not in sentence
        assert "vendor's words" not in sentence
        assert not is_fallback(sentence), mnemonic


def test_every_code_of_the_program_has_one_too() -> None:
    codes = every_code() - HEADLESS
    assert sorted(code for code in codes if is_fallback(crm_error_sentence(PultError(code)))) == []


def test_a_code_nobody_wrote_a_sentence_for_would_be_seen() -> None:
    """Negative control of the two above."""
    assert is_fallback(sentence_of(told("brand_new_refusal")))
    assert is_fallback(sentence_of(PultError("brand_new")))


def every_reason() -> set[str]:
    """Codes a step is parked with, or a recording told by, that no error carries: collected from the source."""
    found = set(reasons.MENDED_BY)
    found |= {
        value for value in vars(reasons).values() if isinstance(value, str) and re.fullmatch("[a-z]+(_[a-z]+)+", value)
    }
    for path in Path(app.__file__).parent.rglob("*.py"):
        if "simulator" not in path.parts:
            found |= set(re.findall(r'"(recording_[a-z_]+)"', path.read_text("utf-8"))) - NO_REASONS
    steps = {step.name for crm in ("bitrix24", "amocrm") for step in PLANS[crm](EVERYTHING)}
    return found | {f"{step}_half_done" for step in steps}


def test_every_reason_of_a_parked_card_and_of_a_recording_has_a_sentence() -> None:
    assert {"parked_by_operator", "recording_needs_login", "finish_half_done", "call_half_done"} <= every_reason()
    for crm_name in ("bitrix24", "amocrm"):
        without = [reason for reason in every_reason() if reason in reason_sentence(reason, {}, crm_name)]
        assert without == []


def test_a_reason_nobody_wrote_a_sentence_for_would_be_seen() -> None:
    """Negative control."""
    assert "brand_new_reason" in reason_sentence("brand_new_reason", {})


@pytest.mark.usefixtures("russian")
def test_every_reason_is_russian_and_names_its_crm() -> None:
    for reason in sorted(every_reason()):
        for crm_name, name in (("bitrix24", "Битрикс24"), ("amocrm", "amoCRM")):
            sentence = reason_sentence(reason, {}, crm_name)
            assert sentence.endswith("."), sentence
            assert not re.findall(r"[A-Za-z]{2,}", LATIN.sub("", sentence)), sentence
            assert "{" not in sentence
            other = "amoCRM" if crm_name == "bitrix24" else "Битрикс24"
            assert other not in sentence, f"{reason}: {name}"


def every_wording() -> Iterator[tuple[str, Wording]]:
    for code, wordings in PBX_WORDINGS.items():
        for wording in wordings:
            yield code, wording


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.usefixtures("russian")
def test_every_wording_is_russian_with_the_same_facts() -> None:
    for code, wording in every_wording():
        russian = QCoreApplication.translate("Errors", wording.text)
        assert russian != wording.text, code
        assert not re.findall(r"[A-Za-z]+", LATIN.sub("", russian)), russian
        assert placeholders(russian) == placeholders(wording.text), code


@pytest.mark.parametrize("code", sorted(code for code in PBX_WORDINGS if len(PBX_WORDINGS[code]) > 1))
def test_the_last_wording_of_a_code_fits_always_and_each_can_be_reached(code: str) -> None:
    wordings = PBX_WORDINGS[code]
    assert wordings[-1].fits({})
    for place, wording in enumerate(wordings):
        facts = dict.fromkeys(wording.needs, "1")
        facts |= {"method": wording.methods[0]} if wording.methods else {}
        facts |= {"field": wording.fields[0]} if wording.fields else {}
        facts |= {"limit_type": wording.limit_type} if wording.limit_type else {}
        assert next(index for index, other in enumerate(wordings) if other.fits(facts)) == place
        assert placeholders(wording.text) <= {*wording.needs, "code"}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (told("limit_exceeded", limit_type="minute", limit_max_value=150), "this minute (150 a minute)"),
        (told("limit_exceeded", limit_type="minute", limit_max_value=150), "in 52 s"),
        (told("limit_exceeded", limit_type="day", limit_max_value=750), "today (750 a day)"),
        (told("limit_exceeded", limit_type="day", limit_max_value=750), "in 1:06:40"),
        (LimitExceeded(), "Try again in a minute"),
        (told("component_disabled", component_name="Call API Сценарии"), "lacks a component: Call API Сценарии"),
        (told("ip_not_whitelisted", ip="203.0.113.7"), "203.0.113.7"),
        (told("tag_not_found", tag_id=991), "991 is gone"),
        (told("scenario_not_found", "start.scenario_call", scenario_id=5), "scenario 5"),
        (told("scenario_not_found", "start.vnumber_call"), "This line has no scenario"),
        (told("employee_not_found", "start.employee_call", employee_id=12), "employee 12"),
        (told("virtual_phone_number_not_found", virtual_phone_number="74950000000"), "+7 495 000-00-00"),
        (told("contact_in_blacklist", contact="79161234567"), "+7 916 123-45-67"),
        (told("duplicate_contact", contact_phone_number="79161234567"), "+7 916 123-45-67"),
        (told("media_file_not_found", "hold.call", media_file_id=7), "hold message's file"),
        (told("media_file_not_found", "start.simple_call", media_file_id=7), "sound file 7"),
        (
            told("tts_text_exceeded", "hold.call", tts_message_max_length=500, sent_tts_message_length=612),
            "hold message is too long: 612 characters, 500",
        ),
        (
            told("tts_text_exceeded", "make.call", tts_message_max_length=500, sent_tts_message_length=612),
            "note to the colleague is too long: 612",
        ),
        (
            told("tts_text_exceeded", "start.simple_call", tts_message_max_length=500, sent_tts_message_length=612),
            "The message is too long: 612",
        ),
        (told("forbidden", "record.call"), "all calls of this employee are recorded"),
        (told("forbidden", "call.talk_option"), "the option is not meant"),
        (told("forbidden", "start.simple_call"), "may not start calls"),
        (told("invalid_state", "call.talk_option"), "after 30 seconds"),
        (told("invalid_parameter_value", "make.call", "to"), "does not take this number"),
        (told("invalid_parameter_value", "start.employee_call", "employee.phone_number"), "does not take this number"),
        (told("invalid_parameter_value", "tag.call", "tag_id"), "invalid_parameter_value: tag_id"),
        (told("no_active_phone_number", "start.employee_call"), "has no active phone"),
        (told("no_active_phone_number", "make.call"), "does not exist or is switched off"),
        (told("", "start.simple_call"), "does not take a value (invalid_parameter_value)"),
        (Refused("refused", {"method": "start.simple_call"}), "security rules"),
        (told("internal_error", "start.simple_call"), "perhaps the call was started"),
        (RightsMissing("not_configured"), "Open Connect"),
        (SettingsError("pbx.login", "wrong_type"), "pbx.login: "),
    ],
)
def test_a_sentence_says_what_it_was_told(error: PultError, words: str) -> None:
    assert words in sentence_of(error)


def test_text_from_outside_cannot_break_a_sentence() -> None:
    nasty = told("component_disabled", component_name="{code} \u202e<b>x</b>\n" + "a" * 500)
    sentence = sentence_of(nasty)
    assert "\u202e" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400


def test_an_unknown_refusal_shows_code_message_and_details_as_plain_text() -> None:
    error = told("brand_new_refusal", "hold.call", "contact_message", tag_id=5)
    assert sentence_of(error) == (
        "The other side refused (brand_new_refusal -32602). “In the vendor's words”"
        " field: contact_message; method: hold.call; tag_id: 5"
    )
    assert details_of(error).splitlines() == [
        "Code: brand_new_refusal (-32602)",
        "Message: In the vendor's words",
        "field: contact_message",
        "method: hold.call",
        "tag_id: 5",
    ]


def test_details_hold_no_secret_and_no_second_line_of_the_vendors() -> None:
    register_secret("канарейка-71c9e5")
    error = Refused("x", {"note": "канарейка-71c9e5"}, vendor_code=1, vendor_message="is канарейка-71c9e5\nnext")
    details = details_of(error)
    assert "канарейка" not in details + sentence_of(error)
    assert len(details.splitlines()) == 3


@pytest.mark.parametrize("error", [LinkDown("dns"), OutcomeUnknown("read_timeout"), SettingsError("a.b", "bad_value")])
def test_details_of_every_kind_begin_with_the_code(error: PultError) -> None:
    assert details_of(error).startswith(f"Code: {error.code}")


@pytest.mark.usefixtures("russian")
def test_every_sentence_is_russian() -> None:
    for code in sorted(every_code() - HEADLESS):
        sentence = crm_error_sentence(PultError(code))
        assert re.search("[А-Яа-я]", sentence), sentence
        rest = LATIN.sub("", sentence.replace(code, ""))
        assert not re.findall(r"[A-Za-z]{2,}", rest), sentence


@pytest.mark.usefixtures("russian")
def test_english_left_in_a_sentence_would_be_seen() -> None:
    """Negative control of the two above."""
    assert re.findall(r"[A-Za-z]{2,}", LATIN.sub("", sentence_of(PultError("")).replace("Не", "Not")))
