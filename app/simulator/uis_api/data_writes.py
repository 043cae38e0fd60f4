"""What the Data API changes: an employee's status, tags of calls that are over, the blacklist."""

from app.simulator.pbx.call import Call
from app.simulator.pbx.directory import Tag
from app.simulator.uis_api.data_query import PLAIN, Columns, page_of
from app.simulator.uis_api.data_reports import TIME_FORMAT
from app.simulator.uis_api.invocation import Invocation, Page
from app.simulator.uis_api.refusals import ApiRefusal

BLACKLIST: Columns = dict.fromkeys(("id", "phone_number", "add_user_name", "add_comment", "add_date_time"), PLAIN)


def update_employees(invocation: Invocation) -> object:
    """A partial update; gives the employee's id."""
    sent = invocation.numeric("id")
    employees = invocation.world.directory.employees.values()
    employee = next((one for one in employees if one.employee_id == sent), None)
    if employee is None:
        raise ApiRefusal("entity_not_found", field="id", value=sent)
    if "status_id" in invocation.params:
        status_id = invocation.numeric("status_id")
        statuses = invocation.world.directory.statuses.values()
        status = next((one for one in statuses if one.status_id == status_id and one.is_select_allowed), None)
        if status is None:
            raise ApiRefusal("invalid_parameter_value", field="status_id", value=status_id)
        employee.status_id = status.status_id
    if "call_recording" in invocation.params:
        employee.call_recording = invocation.text("call_recording")
    invocation.effects.append(f"employee id={employee.employee_id} status_id={employee.status_id}")
    return {"id": employee.employee_id}


def set_tag(invocation: Invocation) -> object:
    """One tag more on a call, live or over."""
    call, tag = _tagged(invocation)
    if tag in call.tags:
        raise ApiRefusal("duplicate_entity", field="tag_id", value=tag.tag_id)
    call.tags.append(tag)
    invocation.effects.append(f"tag tag_id={tag.tag_id} call_session_id={call.call_session_id}")
    return {}


def unset_tag(invocation: Invocation) -> object:
    """One tag less."""
    call, tag = _tagged(invocation)
    if tag not in call.tags:
        raise ApiRefusal("entity_not_found", field="tag_id", value=tag.tag_id)
    call.tags.remove(tag)
    invocation.effects.append(f"untag tag_id={tag.tag_id} call_session_id={call.call_session_id}")
    return {}


def _tagged(invocation: Invocation) -> tuple[Call, Tag]:
    params = invocation.params
    if "communication_id" not in params and "communication_ext_id" not in params:
        raise ApiRefusal("required_parameter_missed", field="communication_id")
    named = "communication_id" if "communication_id" in params else "communication_ext_id"
    calls = [*invocation.world.finished, *invocation.world.calls] if params["communication_type"] == "call" else []
    key = {"communication_id": "call_session_id", "communication_ext_id": "external_id"}[named]
    call = next((call for call in calls if getattr(call, key) == params[named]), None)
    if call is None:
        raise ApiRefusal("entity_not_found", field=named, value=params[named])
    tags = invocation.world.directory.tags.values()
    tag = next((tag for tag in tags if tag.tag_id == params["tag_id"]), None)
    if tag is None:
        raise ApiRefusal("entity_not_found", field="tag_id", value=params["tag_id"])
    return call, tag


def get_blacklist(invocation: Invocation) -> Page:
    """Blocked numbers, oldest first."""
    rows = [
        {
            "id": blocked.blocked_id,
            "phone_number": blocked.number,
            "add_user_name": blocked.added_by,
            "add_comment": blocked.comment,
            "add_date_time": blocked.added_at.astimezone(invocation.zone).strftime(TIME_FORMAT),
        }
        for blocked in invocation.world.directory.blacklist.values()
    ]
    return page_of(invocation, BLACKLIST, rows)


def create_blocked(invocation: Invocation) -> object:
    """One number more; gives the line's id."""
    directory, sent = invocation.world.directory, invocation.text("phone_number")
    if directory.is_blocked(sent):
        raise ApiRefusal("duplicate_entity", field="phone_number", value=sent)
    comment = invocation.params.get("add_comment")
    blocked = directory.block(
        sent,
        invocation.world.schedule.wall_now(),
        invocation.world.config.login,
        None if comment is None else str(comment),
    )
    invocation.effects.append(f"block contact={sent} id={blocked.blocked_id}")
    return {"id": blocked.blocked_id}


def delete_blocked(invocation: Invocation) -> object:
    """One number less, by the line's id."""
    sent = invocation.numeric("id")
    blacklist = invocation.world.directory.blacklist
    blocked = next((one for one in blacklist.values() if one.blocked_id == sent), None)
    if blocked is None:
        raise ApiRefusal("entity_not_found", field="id", value=sent)
    del blacklist[blocked.blocked_id]
    invocation.effects.append(f"unblock contact={blocked.number} id={blocked.blocked_id}")
    return {"id": blocked.blocked_id}
