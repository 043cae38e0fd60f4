"""JSON-RPC as the vendor speaks it: envelope, errors, metadata, rights, limits. What methods do lives elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.simulator.exchange import Request
from app.simulator.uis_api.refusals import WITHOUT_METADATA, ApiRefusal, ErrorKind


@dataclass(slots=True)
class Switches:
    """What an administrator, or a test, can change while the account is in use."""

    disabled_components: set[str] = field(default_factory=set)
    """Of ``base``, ``control``, ``informer``, ``scenario``; of the Data API ``data`` and ``data_settings``."""
    is_ip_whitelisted: bool = True
    is_account_active: bool = True
    forbidden_methods: set[str] = field(default_factory=set)
    refusals: dict[str, list[ApiRefusal]] = field(default_factory=dict)
    """Method -> refusals for its next requests, whatever they ask."""
    has_null_error_ids: bool = False
    """Errors carry ``"id": null`` (the document's example)."""
    has_limits: bool = True
    """False: ``limits`` is an empty object."""
    is_version_deprecated: bool = False

    def refuse_next(
        self, method: str, mnemonic: str, params: Mapping[str, object] | None = None, *, times: int = 1
    ) -> None:
        """The next `times` requests of the method are refused so."""
        refusal = ApiRefusal(mnemonic, params=params)
        self.refusals.setdefault(method, []).extend([refusal] * times)

    def next_refusal(self, method: str) -> ApiRefusal | None:
        """Take the planned refusal of the method, if there is one."""
        planned = self.refusals.get(method)
        return planned.pop(0) if planned else None


@dataclass(frozen=True)
class Envelope:
    """A well-formed request."""

    request_id: str | int
    method: str
    params: dict[str, object]
    has_bad_characters: bool


def decode(request: Request) -> Envelope:
    """The envelope, also noted on `request` as far as it can be read; raises ApiRefusal."""
    message, has_bad_characters = _parse(request.body)
    if isinstance(message, list):
        raise ApiRefusal("batch_opreations_not_supported")
    if not isinstance(message, dict):
        raise ApiRefusal("invalid_request")
    method, params, request_id = message.get("method"), message.get("params", {}), _usable_id(message)
    request.request_id = None if request_id is None else str(request_id)
    request.operation = method if isinstance(method, str) else ""
    request.params = params if isinstance(params, dict) else {}
    refusal = _wrong_envelope(message)
    if refusal is not None:
        refusal.request_id = request_id
        raise refusal
    return Envelope(request_id if request_id is not None else "", str(method), request.params, has_bad_characters)


def _usable_id(message: Mapping[str, object]) -> str | int | None:
    request_id = message.get("id")
    return request_id if isinstance(request_id, str | int) and not isinstance(request_id, bool) else None


def _wrong_envelope(message: Mapping[str, object]) -> ApiRefusal | None:
    if message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        return ApiRefusal("invalid_request")
    if "id" not in message:
        return ApiRefusal("notifications_not_supported")
    if _usable_id(message) is None:
        return ApiRefusal("invalid_request")
    params = message.get("params", {})
    if not isinstance(params, dict):
        return ApiRefusal("data_type_error", field="params", value=params)
    return None


def _parse(body: bytes) -> tuple[object, bool]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "surrogateescape")
    try:
        message = json.loads(text, parse_constant=_refuse_constant)
        has_bad_characters = _has_surrogates(json.dumps(message, ensure_ascii=False))
    except (ValueError, RecursionError) as error:
        raise ApiRefusal("parse_error") from error
    return message, has_bad_characters


def _refuse_constant(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def metadata_of(limits: Mapping[str, int], switches: Switches) -> dict[str, object]:
    """``metadata`` of one reply."""
    metadata: dict[str, object] = {"limits": dict(limits) if switches.has_limits else {}}
    if switches.is_version_deprecated:
        metadata["api_version"] = {
            "current_version_depricated": True,
            "current_version": "v4.0",
            "latest_version": "v4.1",
        }
    return metadata


def encode_result(request_id: str | int, data: object, metadata: Mapping[str, object]) -> bytes:
    """A good reply."""
    return _dump({"jsonrpc": "2.0", "id": request_id, "result": {"data": data, "metadata": metadata}})


def encode_error(
    request_id: str | int | None,
    refusal: ApiRefusal,
    metadata: Mapping[str, object] | None,
    own_kinds: Mapping[str, ErrorKind],
) -> bytes:
    """An error reply, its code and text those of the method; its metadata sits in ``error.data.metadata``."""
    error = refusal.as_error(own_kinds)
    data = error["data"]
    if metadata is not None and refusal.mnemonic not in WITHOUT_METADATA and isinstance(data, dict):
        data["metadata"] = metadata
    return _dump({"jsonrpc": "2.0", "id": request_id, "error": error})


def _dump(message: object) -> bytes:
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass" if not _has_surrogates(text) else "replace")
