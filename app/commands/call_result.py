"""What a `call` command ended with, for a person, for JSON and as an exit code. Sends nothing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from app.commands.exits import Exit, exit_of
from app.commands.output import error_facts, print_json
from app.commands.sentences import sentence_of
from app.errors import OutcomeUnknown, PultError, Refused


class CallPhase(Enum):
    """How far the command got. NOT_VISIBLE: accepted, and the list did not show it in time; UNKNOWN: no trustworthy
    answer, and with --wait nothing in the list either."""

    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    NOT_VISIBLE = "not_visible"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


_WORDS = {
    CallPhase.ACCEPTED: "accepted by the PBX.",
    CallPhase.CONFIRMED: "confirmed by the PBX.",
    CallPhase.NOT_VISIBLE: "accepted by the PBX, but the list of calls does not show it. Look before you try again.",
    CallPhase.REFUSED: "refused.",
    CallPhase.UNKNOWN: "nobody knows whether it was done. Look at the calls before you try again.",
    CallPhase.NOT_SENT: "not sent.",
}


@dataclass(frozen=True, slots=True)
class CallResult:
    """One command's end. `facts`: what else JSON tells: call_session_id, external_id, {"sent", "total"} of keys."""

    verb: str
    phase: CallPhase
    error: PultError | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def exit_code(self) -> Exit:
        """0 done, 3 refused, 4 outcome unknown, 5 nothing was sent."""
        match self.phase:
            case CallPhase.ACCEPTED | CallPhase.CONFIRMED:
                return Exit.OK
            case CallPhase.UNKNOWN | CallPhase.NOT_VISIBLE:
                return Exit.OUTCOME_UNKNOWN
            case _ if self.error is None or isinstance(self.error, OutcomeUnknown):
                # Only the look before it went wrong: the command itself never left.
                return Exit.NO_LINK
            case _:
                return exit_of(self.error)


class WrongUsageError(Exception):
    """Nothing was sent, because it cannot be meant so. `code` for scripts, `sentence` what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def failed(verb: str, error: PultError, facts: Mapping[str, object], *, was_sent: bool = True) -> CallResult:
    """The result of a request that raised."""
    if isinstance(error, Refused):
        phase = CallPhase.REFUSED
    else:
        phase = CallPhase.UNKNOWN if was_sent and isinstance(error, OutcomeUnknown) else CallPhase.NOT_SENT
    return CallResult(verb, phase, error, facts)


def tell(result: CallResult, *, as_json: bool) -> Exit:
    """Print it; gives the exit code."""
    if as_json:
        error = None if result.error is None else error_facts(result.error)
        print_json({"verb": result.verb, "phase": result.phase.value, **result.facts, "error": error})
    named = " ".join(f"{name}={value}" for name, value in result.facts.items() if value is not None)
    line = f"{result.verb}: {_WORDS[result.phase]} {named}".rstrip()
    if result.exit_code is Exit.OK:
        if not as_json:
            print(line)
        return Exit.OK
    print(line, file=sys.stderr)
    if result.error is not None:
        print(sentence_of(result.error), file=sys.stderr)
    return result.exit_code


def tell_wrong_usage(verb: str, error: WrongUsageError, *, as_json: bool) -> Exit:
    """Print what to do instead; exit code 2."""
    if as_json:
        print_json({"verb": verb, "phase": CallPhase.NOT_SENT.value, "error": {"code": error.code, "params": {}}})
    print(error.sentence, file=sys.stderr)
    return Exit.WRONG_USAGE
