"""The five start.* methods (call-api-v4.ru, "Группа методов создания звонков"; the 2026 edition: uis-notes §0.1).

Their parameters: start_parameters.py. What happens to the call afterwards: pbx/started_calls.py.
"""

from collections.abc import Mapping

from app.simulator.pbx.call import Call
from app.simulator.pbx.directory import CallScenario, Destination, Employee
from app.simulator.pbx.messages import message_s
from app.simulator.pbx.start_plan import StartPlan
from app.simulator.uis_api.invocation import Invocation, Method, playable
from app.simulator.uis_api.refusals import ApiRefusal, ErrorKind
from app.simulator.uis_api.start_parameters import start_parameters

TOLL_FREE = "7800"
SOURCES = {"scenario": "callapi_scenario_call", "informer": "callapi_informer_call"}
INFORMER_DIALLING_S = 30.0

START_ERRORS = frozenset(
    {
        "tts_text_exceeded",
        "media_file_not_found",
        "virtual_phone_number_not_found",
        "own_virtual_phone_number_not_allowed",
        "contact_in_blacklist",
        "character_encoding_not_allowed",
    }
)
IN_BLACKLIST = ErrorKind(-32602, "The contact {contact} has been found in the blacklist")
WITHOUT_SCENARIO = ErrorKind(-32007, "Virtual phone number does not have a scenario")


def start_methods(edition: int) -> Mapping[str, Method]:
    """The five methods as that edition has them."""
    sent = start_parameters(edition)
    combination = frozenset({"invalid_parameters_combination"})
    of_new_ones = combination if edition >= 2026 else frozenset()
    return {
        "start.employee_call": Method(
            "base",
            sent["start.employee_call"],
            START_ERRORS | combination | {"employee_not_found", "no_active_phone_number"},
            query=_start_employee_call,
        ),
        "start.scenario_call": Method(
            "scenario",
            sent["start.scenario_call"],
            START_ERRORS | {"scenario_not_found"} | of_new_ones,
            {"contact_in_blacklist": IN_BLACKLIST},
            query=_start_scenario_call,
        ),
        "start.vnumber_call": Method(
            "base",
            sent["start.vnumber_call"],
            START_ERRORS | {"scenario_not_found"} | of_new_ones,
            {"contact_in_blacklist": IN_BLACKLIST, "scenario_not_found": WITHOUT_SCENARIO},
            query=_start_vnumber_call,
        ),
        "start.informer_call": Method(
            "informer",
            sent["start.informer_call"],
            START_ERRORS,
            {"contact_in_blacklist": IN_BLACKLIST},
            query=_start_informer_call,
        ),
        "start.simple_call": Method(
            "base", sent["start.simple_call"], START_ERRORS | combination, query=_start_simple_call
        ),
    }


def _start_employee_call(invocation: Invocation) -> object:
    plan = _plan(invocation, first_own="employee", own_message="employee_message")
    plan.own_phones, plan.rings_in_turn = _phones_of_employee(invocation), True
    return _begin(invocation, plan, "employee")


def _start_scenario_call(invocation: Invocation) -> object:
    plan = _plan(invocation, first_own="employee", own_message="employee_message")
    scenario_id = invocation.numeric("scenario_id")
    scenarios = invocation.world.directory.scenarios.values()
    scenario = next((one for one in scenarios if one.scenario_id == scenario_id), None)
    if scenario is None:
        params: dict[str, object] = {"scenario_id": scenario_id}
        raise ApiRefusal("scenario_not_found", field="scenario_id", value=scenario_id, params=params)
    return _begin_scenario(invocation, plan, scenario, "scenario")


def _start_vnumber_call(invocation: Invocation) -> object:
    plan = _plan(invocation, first_own="employee", own_message="")
    line = invocation.text("virtual_phone_number")
    scenario = invocation.world.directory.scenario_of_number(line)
    if scenario is None:
        raise ApiRefusal("scenario_not_found", field="virtual_phone_number", value=line)
    return _begin_scenario(invocation, plan, scenario, "vnumber")


def _start_informer_call(invocation: Invocation) -> object:
    plan = _plan(invocation, first_own="", own_message="")
    plan.is_informer = True
    plan.dial_time_s = INFORMER_DIALLING_S
    if "dialing_timeout" in invocation.params:
        plan.dial_time_s = float(invocation.numeric("dialing_timeout"))
    return _begin(invocation, plan, "informer")


def _start_simple_call(invocation: Invocation) -> object:
    plan = _plan(invocation, first_own="operator", own_message="operator_message")
    operator = invocation.params["operator"]
    operator_number = str(operator["phone_number"] if isinstance(operator, dict) else operator)
    # the operator of a simple call is no employee, whoever's number it is (call-api-v4.ru, start.simple_call)
    plan.own_phones = [Destination(operator_number, None)]
    return _begin(invocation, plan, "simple")


def _plan(invocation: Invocation, *, first_own: str, own_message: str) -> StartPlan:
    """What the methods have in common, all of it checked; `first_own`: the word of first_call for our side."""
    params, directory = invocation.params, invocation.world.directory
    _check_early_switching(invocation, first_own)
    _check_numbers(invocation)
    music = params.get("media_file_id")
    if music is not None and music not in directory.media_files:
        raise ApiRefusal("media_file_not_found", field="media_file_id", value=music, params={"media_file_id": music})
    contact_message = playable(invocation, "contact_message", has_own_errors=True)
    played_to_us = playable(invocation, own_message, has_own_errors=True)
    contact = invocation.text("contact")
    is_spoken = contact_message is not None and contact_message[0] == "tts"
    return StartPlan(
        directory.resolve(contact) or Destination(contact, None),
        contact_keys=str(params.get("dtmf_string", "")),
        rings_contact_first=params.get("first_call") == "contact",
        shows_line=params.get("show_virtual_phone_number", True) is True,
        own_message_s=message_s(directory, played_to_us),
        contact_message_s=message_s(directory, contact_message),
        # no effect together with a spoken message (call-api-v4.ru, switch_at_once)
        cuts_message=params.get("switch_at_once", False) is True and not is_spoken,
        dial_time_s=invocation.world.config.dial_time_s,
    )


def _check_early_switching(invocation: Invocation, first_own: str) -> None:
    params = invocation.params
    if params.get("early_switching", False) is not True:
        return
    if params.get("first_call") != first_own or params.get("switch_at_once", False) is not True:
        raise ApiRefusal("invalid_parameters_combination", field="early_switching", value=True)


def _check_numbers(invocation: Invocation) -> None:
    directory, config = invocation.world.directory, invocation.world.config
    line, contact = invocation.text("virtual_phone_number"), invocation.text("contact")
    is_refused_toll_free = config.edition < 2026 and line.startswith(TOLL_FREE)
    if directory.virtual_number(line) is None or is_refused_toll_free:
        raise ApiRefusal(
            "virtual_phone_number_not_found",
            field="virtual_phone_number",
            value=line,
            params={"virtual_phone_number": line},
        )
    if any(own.number == contact for own in directory.virtual_numbers):
        raise ApiRefusal("own_virtual_phone_number_not_allowed", field="contact", value=contact)
    if directory.is_blocked(contact):
        raise ApiRefusal("contact_in_blacklist", field="contact", value=contact, params={"contact": contact})


def _phones_of_employee(invocation: Invocation) -> list[Destination]:
    sent = invocation.params["employee"]
    wanted: Mapping[str, object] = sent if isinstance(sent, dict) else {}
    employees = invocation.world.directory.employees.values()
    employee = next((one for one in employees if one.employee_id == wanted["id"]), None)
    if employee is None:
        params = {"employee_id": wanted["id"]}
        raise ApiRefusal("employee_not_found", field="employee.id", value=wanted["id"], params=params)
    phones = _wanted_phones(employee, wanted.get("phone_number"))
    if not phones:
        named = "employee.phone_number" if "phone_number" in wanted else "employee.id"
        raise ApiRefusal("no_active_phone_number", field=named, value=wanted.get("phone_number", wanted["id"]))
    return [Destination(phone, employee) for phone in phones]


def _wanted_phones(employee: Employee, phone: object) -> tuple[str, ...]:
    if phone is None:
        return employee.phones
    if phone == employee.extension:
        return employee.phones[:1]
    return tuple(one for one in employee.phones if one == phone)


def _begin_scenario(invocation: Invocation, plan: StartPlan, scenario: CallScenario, via: str) -> object:
    employees = invocation.world.directory.employees
    rung = [employees[employee_id] for employee_id in scenario.employees if employee_id in employees]
    plan.own_phones = [Destination(one.phone_number, one) for one in rung if one.has_active_phone]
    # the scenario's own message has priority and both are played (uis-notes §0.1)
    plan.own_message_s += scenario.message_s
    return _begin(invocation, plan, via)


def _begin(invocation: Invocation, plan: StartPlan, via: str) -> object:
    params = invocation.params
    default_direction = "in" if invocation.world.config.edition >= 2026 else "out"
    external_id = params.get("external_id")
    call: Call = invocation.world.start_call(
        plan,
        direction=str(params.get("direction", default_direction)),
        virtual_number=invocation.text("virtual_phone_number"),
        source=SOURCES.get(via, "callapi"),
        external_id=None if external_id is None else str(external_id),
    )
    invocation.listing.hide(call)
    started = f"start via={via} contact={plan.contact.number} external_id={external_id}"
    invocation.effects.append(f"{started} call_session_id={call.call_session_id}")
    return {"call_session_id": call.call_session_id}
