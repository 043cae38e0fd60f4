"""The console as a screen reader and a keyboard meet it: found by accessible names only, ended by signals."""

from __future__ import annotations

import signal

import pytest

from tests.helpers.drive import Desktop, missing_packages, wait_until
from tests.scenarios.outside import ME, Office

pytestmark = [pytest.mark.outside, pytest.mark.timeout(60)]

KNOWN_NUMBER, KNOWN_NAME = "79062195047", "Мария Ивановна Котова"
OUTSIDE_NUMBER = "79876543210"
NOTES = "Договор продлён до июня, выслать счёт."


def shows_state(desktop: Desktop, state: str) -> None:
    """The first row of *Active calls* tells that state."""
    wait_until(lambda: state in " ".join(first_row(desktop)), 10.0, f"{state} in the list")


def first_row(desktop: Desktop) -> list[str]:
    rows = desktop.rows(role="table", name="Active calls")
    return rows[0] if rows else []


def command(desktop: Desktop, name: str) -> None:
    desktop.click(role="push button", name=name)


def test_what_the_machine_lacks_for_these_tests_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert {"xvfb", "xdotool", "openbox"} <= set(missing_packages())


def test_a_whole_call_by_accessible_names(office: Office, desktop: Desktop) -> None:
    office.open_console()
    call_session_id = office.ring(KNOWN_NUMBER)
    shows_state(desktop, "Ringing")
    assert KNOWN_NAME in " ".join(first_row(desktop))
    office.phone("answer", call_session_id=call_session_id, employee=ME)
    shows_state(desktop, "Talking")
    command(desktop, "Hold")
    shows_state(desktop, "On hold")
    command(desktop, "Consult…")
    desktop.set_text(OUTSIDE_NUMBER, label="Name or number", role="text")
    command(desktop, "Consult")
    shows_state(desktop, "Consult rings")
    office.phone("colleague_answers", call_session_id=call_session_id)
    shows_state(desktop, "Consulting")
    command(desktop, "Back to caller")
    shows_state(desktop, "Talking")
    desktop.click(role="menu item", name="Целевой", showing=None)
    shows_state(desktop, "Целевой")
    command(desktop, "Start recording")
    desktop.wait_enabled(role="push button", name="Stop recording")
    command(desktop, "Keypad")
    desktop.set_text("12#", label="Keys to send")
    command(desktop, "Send")
    desktop.wait_text("3 of 3 sent", id="keypad_progress")
    command(desktop, "Close")
    desktop.set_text(NOTES, label="Notes")
    command(desktop, "End call")
    command(desktop, "Save card")
    assert desktop.wait_text("Sent to Bitrix24", id="receipt_headline") == "Saved. Sent to Bitrix24."
    assert "Activity" in desktop.text(id="receipt_activity")
    for method, times in (
        ("hold.call", 1),
        ("make.call", 1),
        ("restore.talk", 1),
        ("tag.call", 1),
        ("record.call", 1),
        ("send.dtmf", 3),
        ("release.call", 1),
        ("telephony.externalCall.finish", 1),
    ):
        assert len(office.done(method)) == times, method
    (comment,) = office.done("crm.timeline.comment.add")
    assert NOTES in str(comment["params"])


def test_a_whole_call_by_the_keyboard_alone(office: Office, desktop: Desktop) -> None:
    office.open_console()
    call_session_id = office.ring(KNOWN_NUMBER)
    shows_state(desktop, "Ringing")
    office.phone("answer", call_session_id=call_session_id, employee=ME)
    shows_state(desktop, "Talking")
    desktop.key("F10")
    desktop.type("call back tomorrow")
    desktop.wait_text("call back tomorrow", label="Notes")
    desktop.key("F7")
    shows_state(desktop, "On hold")
    desktop.key("F5")
    desktop.wait(role="text", label="Name or number")
    desktop.type(OUTSIDE_NUMBER)
    desktop.key("Return")
    shows_state(desktop, "Consult rings")
    desktop.key("Escape")
    shows_state(desktop, "Talking")
    desktop.key("ctrl+1")
    shows_state(desktop, "Целевой")
    desktop.key("F8")
    desktop.wait_enabled(role="push button", name="Save card")
    desktop.key("ctrl+Return")
    desktop.wait_text("Sent to Bitrix24", id="receipt_headline")
    assert len(office.done("release.call")) == 1
    (comment,) = office.done("crm.timeline.comment.add")
    assert "call back tomorrow" in str(comment["params"])


def test_a_question_about_a_colleagues_call_is_read_and_refused(office: Office, desktop: Desktop) -> None:
    office.open_console()
    call_session_id = int(office.phone("ring", contact=KNOWN_NUMBER, employees=[2002])["call_session_id"])
    office.phone("answer", call_session_id=call_session_id, employee=2002)
    shows_state(desktop, "Talking")
    desktop.mouse_cell(0, 2, role="table", name="Active calls")
    command(desktop, "End call")
    desktop.wait(role="alert message", name="Not your call")
    desktop.wait(name_has="with Гусев Пётр Ильич? It is not your call.")
    desktop.key("Return")
    desktop.wait_gone(role="alert message", name="Not your call")
    assert office.done("release.call") == []
    assert "Talking" in " ".join(first_row(desktop))


def test_connect_is_filled_in_by_labels_and_answers_in_plain_language(office: Office, desktop: Desktop) -> None:
    office.open_console(is_signed_in=False)
    credentials = office.credentials
    desktop.wait(role="dialog", name="Connect")
    desktop.set_text(credentials["pbx_url"], label="Address")
    desktop.set_text(credentials["login"], label="Login")
    desktop.set_text("wrong", label="Password")
    command(desktop, "Check phone system")
    desktop.wait_text("Login or password is wrong.", id="pbx_answer")
    desktop.set_text(credentials["password"], label="Password")
    command(desktop, "Check phone system")
    desktop.wait_text("✓", id="pbx_answer")
    desktop.set_text(credentials["bitrix24_webhook"], label="Webhook")
    command(desktop, "Check Bitrix24")
    desktop.wait_text("✓", id="bitrix24_answer")
    assert "keyring" in desktop.text(id="connect_secrets_home").lower()
    desktop.mouse(label="Employee")
    desktop.type(str(ME))
    desktop.key("Tab")
    command(desktop, "Save")
    desktop.wait_gone(role="dialog", name="Connect")
    desktop.wait_text("Connected", id="status_link")
    office.ring(KNOWN_NUMBER)
    shows_state(desktop, "Ringing")
    assert desktop.wait_text(KNOWN_NAME, id="card_caller")
    for path in office.data_dir.rglob("*"):
        if path.is_file():
            assert credentials["password"].encode() not in path.read_bytes(), path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_console_cleanly_in_the_middle_of_a_call(
    number: signal.Signals, office: Office, desktop: Desktop
) -> None:
    console = office.open_console()
    call_session_id = office.ring(KNOWN_NUMBER)
    shows_state(desktop, "Ringing")
    office.phone("answer", call_session_id=call_session_id, employee=ME)
    shows_state(desktop, "Talking")
    assert console.end(number) == 0
    assert "Traceback" not in console.words()
    assert office.phone("calls")["live"], "the call goes on without the console"


def test_a_killed_console_starts_again_with_the_same_draft(office: Office, desktop: Desktop) -> None:
    console = office.open_console()
    call_session_id = office.ring(KNOWN_NUMBER)
    office.phone("answer", call_session_id=call_session_id, employee=ME)
    shows_state(desktop, "Talking")
    desktop.set_text(NOTES, label="Notes")
    desktop.wait_text("draft saved", id="card_autosaved")
    said = desktop.text(id="card_autosaved")
    wait_until(lambda: is_on_the_disk(office), 5.0, f"the draft on the disk, {said}")
    assert console.end(signal.SIGKILL) == -signal.SIGKILL
    desktop.wait_gone(role="frame", name="Pult")
    office.open_console(name="again")
    assert desktop.wait_text(NOTES, label="Notes") == NOTES
    assert desktop.wait_text(KNOWN_NAME, id="card_caller")
    office.phone("hangup", call_session_id=call_session_id, who="contact")
    command(desktop, "Save card")
    desktop.wait_text("Sent to Bitrix24", id="receipt_headline")
    assert len(office.done("telephony.externalCall.finish")) == 1


def is_on_the_disk(office: Office) -> bool:
    files = [path for path in office.data_dir.iterdir() if path.name.startswith("pult.db")]
    return any(NOTES.encode() in path.read_bytes() for path in files)
