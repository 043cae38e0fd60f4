"""Errors of the Data API that the Call API does not have, by the vendor's mnemonics and codes (uis-notes §2)."""

from collections.abc import Mapping

from app.simulator.uis_api.refusals import INVALID_PARAMS, ErrorKind

COMPONENT = -32008
DATA_ERRORS: Mapping[str, ErrorKind] = {
    "method_component_disabled": ErrorKind(COMPONENT, "Component {component_name} has been disabled"),
    "parameter_component_disabled": ErrorKind(COMPONENT, "A component that the parameter needs has been disabled"),
    "sort_prohibited": ErrorKind(INVALID_PARAMS, "Sorting by the parameter is prohibited"),
    "filter_prohibited": ErrorKind(INVALID_PARAMS, "Filtering by the parameter is prohibited"),
    "date_interval_limit_reached": ErrorKind(INVALID_PARAMS, "The interval between dates exceeds 3 months"),
    "entity_not_found": ErrorKind(INVALID_PARAMS, "The entity not found"),
    "duplicate_entity": ErrorKind(INVALID_PARAMS, "The entity already exists"),
    "invalid_date_time": ErrorKind(INVALID_PARAMS, "The date and time are not valid"),
}
OF_DELETE: Mapping[str, ErrorKind] = {**DATA_ERRORS, "forbidden": ErrorKind(INVALID_PARAMS, "Permission denied")}
"""delete.*: forbidden has another code (uis-notes §6 row 7)."""
