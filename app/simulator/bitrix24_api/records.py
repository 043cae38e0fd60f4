"""telephony.externalCall.attachRecord in its three modes, and the address the two-step mode uploads to.

Source: crm-notes 1.3. FILENAME alone is also the probe for "is this call finished": it creates nothing.
"""

import base64
import binascii
import ipaddress
from urllib.parse import quote, urlsplit

from app.simulator.bitrix24_api.multipart import FilePart
from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.refusals import PortalCrashError, PortalRefusalError, core_refusal
from app.simulator.bitrix24_api.rows import CallRecord, StatisticsRow, UploadToken
from app.simulator.bitrix24_api.values import Params, text

UPLOAD_FIELD = "file"
UPLOAD_LIFETIME_S = 3600.0
EXTENSIONS = (".wav", ".mp3")


def attach_record(portal: BitrixPortal, caller: Caller, params: Params, effects: list[str]) -> object:
    """Attach by link, inline or in two steps: which one is chosen by the keys that are there, not by their values."""
    if "RECORD_URL" not in params and "FILENAME" not in params:
        raise core_refusal("Required parameters are not set. Request should contain either URL or FILENAME parameter")
    row = _finished_call(portal, text(params.get("CALL_ID")))
    if "RECORD_URL" in params:
        return _attach_link(portal, row, params, effects)
    file_name = text(params.get("FILENAME"))
    if not file_name:
        raise core_refusal("File name is empty")
    if params.get("FILE_CONTENT") is None:
        return _upload_address(portal, caller, row)
    return _store(portal, row, file_name, _decoded(text(params["FILE_CONTENT"])), effects)


def receive_upload(portal: BitrixPortal, auth: str, token: str, part: FilePart | None, effects: list[str]) -> object:
    """Second step: the name that counts is the multipart part's own.

    Raises PortalRefusalError for a token that is unknown or older than an hour, or a bad file.
    """
    permitted = portal.upload_tokens.get(token)
    if permitted is None or auth != permitted.auth or portal.clock.monotonic() >= permitted.expires_at_s:
        raise PortalRefusalError("INVALID_TOKEN", "Upload token is not valid", 401)
    if permitted.of_application and portal.owner_of(auth) is None:
        raise PortalRefusalError("expired_token", "The access token provided has expired.", 401)
    call_id = permitted.call_id
    if part is None or part.field_name != UPLOAD_FIELD:
        raise core_refusal("File content is empty.")
    return _store(portal, _finished_call(portal, call_id), part.file_name, part.content, effects)


def _finished_call(portal: BitrixPortal, call_id: str) -> StatisticsRow:
    for row in reversed(portal.statistics):
        if row.call_id == call_id:
            return row
    raise core_refusal("Call is not found in the statistic table. It looks like it is not finished yet.")


def _attach_link(portal: BitrixPortal, row: StatisticsRow, params: Params, effects: list[str]) -> object:
    url = text(params["RECORD_URL"])
    if _is_inside(url):
        raise core_refusal("Record URL resolves to a non-public address and was blocked.")
    http_status, content = portal.fetch(url) if url else (0, b"")
    if http_status != 200:
        raise core_refusal(f"Server returns HTTP error code {http_status}")
    file_name = text(params.get("FILENAME")) or urlsplit(url).path.rpartition("/")[2]
    return _store(portal, row, file_name, content, effects)


def _is_inside(url: str) -> bool:
    """Whether the address is one of a private network; names are not looked up here."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _upload_address(portal: BitrixPortal, caller: Caller, row: StatisticsRow) -> object:
    token, auth = portal.fresh_token(), caller.token or portal.fresh_token()
    ends_s = portal.clock.monotonic() + UPLOAD_LIFETIME_S
    portal.upload_tokens[token] = UploadToken(row.call_id, auth, bool(caller.token), ends_s)
    address = f"http://{caller.host}/rest/upload.json?auth={auth}"
    return {"uploadUrl": f"{address}&token={quote('telephony|' + token, safe='')}", "fieldName": UPLOAD_FIELD}


def _decoded(content: str) -> bytes:
    if not content:
        raise core_refusal("File content is empty.")
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error as error:
        raise core_refusal("File content is not properly encoded. Base64 encoding is expected.") from error


def _store(portal: BitrixPortal, row: StatisticsRow, file_name: str, content: bytes, effects: list[str]) -> object:
    if not file_name:
        raise core_refusal("File name is empty")
    if not file_name.endswith(EXTENSIONS):
        raise core_refusal("Wrong file extension. Only wav and mp3 are allowed")
    if not content:
        raise core_refusal("File content is empty.")
    month = row.started_at.astimezone(portal.zone).strftime("%Y-%m")
    if any(known.file_name == file_name and known.month == month for known in portal.records):
        raise core_refusal("A file with this name already exists")
    call_record = CallRecord(portal.next_id("file"), row.call_id, file_name, content, month)
    portal.records = [known for known in portal.records if known.call_id != row.call_id]
    portal.records.append(call_record)
    row.record_file_id = call_record.file_id
    effects.append(f"record FILE_ID={call_record.file_id} CALL_ID={row.call_id} name={file_name}")
    if portal.attach_dies_times:
        portal.attach_dies_times -= 1
        raise PortalCrashError("statistics")
    for activity in portal.activities:
        if activity.call_id == row.call_id:
            activity.record_file_id = call_record.file_id
    return {"FILE_ID": call_record.file_id}
