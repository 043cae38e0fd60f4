"""The Data API v2.0: parameters, errors and component of each method. Lists, reports and writes: data_*.py."""

from collections.abc import Callable, Mapping

from app.simulator.uis_api import data_reports, data_writes
from app.simulator.uis_api.data_errors import DATA_ERRORS, OF_DELETE
from app.simulator.uis_api.data_lists import LISTERS
from app.simulator.uis_api.data_query import LISTING
from app.simulator.uis_api.invocation import TOKEN, Invocation, Method
from app.simulator.uis_api.methods import METHODS
from app.simulator.uis_api.params import DIGITS, Parameters, boolean, number, string
from app.simulator.uis_api.refusals import ErrorKind

LISTING_ERRORS = frozenset({"sort_prohibited", "filter_prohibited", "parameter_component_disabled"})
REPORT_ERRORS = LISTING_ERRORS | {"date_interval_limit_reached", "invalid_parameters_combination"}
DATES: Parameters = {"date_from": string(), "date_till": string()}
OWN_PARAMETERS: Mapping[str, Parameters] = {
    "get.tags": {"is_include_rating": boolean()},
    "get.statuses": {"is_deleted": boolean()},
}
TAGGING: Parameters = {
    **TOKEN,
    "communication_id": number(required=False),
    "communication_ext_id": string(required=False),
    "communication_type": string(choices=("call", "chat", "goal", "offline_message")),
    "tag_id": number(),
}


def _method(
    params: Parameters,
    errors: frozenset[str],
    query: Callable[[Invocation], object],
    kinds: Mapping[str, ErrorKind] = DATA_ERRORS,
) -> Method:
    return Method(
        "data",
        params,
        errors | {"method_component_disabled"},
        kinds,
        component_refusal="method_component_disabled",
        query=query,
    )


DATA_METHODS: Mapping[str, Method] = {
    "login.user": METHODS["login.user"],
    "logout.user": METHODS["logout.user"],
    **{
        name: _method({**LISTING, **OWN_PARAMETERS.get(name, {})}, LISTING_ERRORS, lister)
        for name, lister in LISTERS.items()
    },
    "get.calls_report": _method(
        {**LISTING, **DATES, "include_ongoing_calls": boolean()}, REPORT_ERRORS, data_reports.get_calls_report
    ),
    "get.call_legs_report": _method({**LISTING, **DATES}, REPORT_ERRORS, data_reports.get_call_legs_report),
    "update.employees": _method(
        {
            **TOKEN,
            "id": number(),
            "status_id": number(required=False),
            "call_recording": string(required=False, choices=("all", "in", "out", "off")),
        },
        frozenset({"entity_not_found"}),
        data_writes.update_employees,
    ),
    "set.tag_communications": _method(
        TAGGING, frozenset({"entity_not_found", "duplicate_entity"}), data_writes.set_tag
    ),
    "unset.tag_communications": _method(TAGGING, frozenset({"entity_not_found"}), data_writes.unset_tag),
    "get.blacklist_phone_numbers": _method(LISTING, LISTING_ERRORS, data_writes.get_blacklist),
    "create.phone_number_to_blacklist": _method(
        {**TOKEN, "phone_number": string(pattern=DIGITS), "add_comment": string(required=False)},
        frozenset({"duplicate_entity"}),
        data_writes.create_blocked,
    ),
    "delete.phone_number_from_blacklist": _method(
        {**TOKEN, "id": number()}, frozenset({"entity_not_found"}), data_writes.delete_blocked, OF_DELETE
    ),
}
