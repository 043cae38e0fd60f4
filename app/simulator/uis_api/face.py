"""The Call API's port: takes a request through envelope, rights, limits and parameters to its method."""

from collections.abc import Mapping

from app.simulator.config import SimulatorConfig
from app.simulator.exchange import Reply, Request
from app.simulator.pbx.commands import CallCommands
from app.simulator.pbx.world import PbxWorld
from app.simulator.uis_api import params as parameters
from app.simulator.uis_api.invocation import COMPONENTS, Invocation, Method, Page
from app.simulator.uis_api.listing import Listing
from app.simulator.uis_api.points import Points
from app.simulator.uis_api.refusals import COMMON_MNEMONICS, ApiRefusal
from app.simulator.uis_api.rpc import (
    Envelope,
    Switches,
    decode,
    encode_error,
    encode_result,
    metadata_of,
)
from app.simulator.uis_api.tokens import Tokens
from app.simulator.zones import zone_of

JSON_TYPE = (("content-type", "application/json; charset=UTF-8"),)
HTML_TYPE = (("content-type", "text/html"),)
CALLER_IP = "127.0.0.1"


class Account:
    """What the Call API and the Data API of one account share."""

    def __init__(self, config: SimulatorConfig, world: PbxWorld) -> None:
        self.config = config
        self.world = world
        self.zone = zone_of(config.time_zone)
        self.switches = Switches()
        self.tokens = Tokens(config, world.schedule)
        self.points = Points(
            world.schedule,
            self.zone,
            minute_limit=config.minute_limit,
            day_limit=config.day_limit,
            weights=config.weights,
        )
        self.data_points = Points(
            world.schedule, self.zone, minute_limit=config.data_minute_limit, day_limit=config.data_day_limit
        )
        """The purse of the Data API: one point for everything but signing in and out."""
        self.listing = Listing(world, self.zone)
        self.commands = CallCommands(world)


class JsonRpcFace:
    """One JSON-RPC port of the account: ``pbx`` (path /v4.0) or ``data`` (path /v2.0)."""

    def __init__(
        self, name: str, path: str, account: Account, methods: Mapping[str, Method], points: Points | None = None
    ) -> None:
        """`points`: the purse of this port; by default the Call API's."""
        self.name = name
        self._points = points or account.points
        self._path = path
        self._account = account
        self._methods = methods

    def operation_of(self, request: Request) -> str:
        """The JSON-RPC method, before anything is done."""
        looked_at = Request(request.method, request.path, body=request.body)
        try:
            decode(looked_at)
        except ApiRefusal:
            return looked_at.operation
        return looked_at.operation

    def handle(self, request: Request) -> Reply:
        """Answer one request; HTTP 200 for everything JSON-RPC, errors included."""
        if request.path.rstrip("/") != self._path:
            return Reply(404, b"<html><body>404 Not Found</body></html>", HTML_TYPE)
        if request.method != "POST":
            return Reply(405, b"<html><body>405 Not Allowed</body></html>", (*HTML_TYPE, ("allow", "POST")))
        request_id: str | int | None = None
        try:
            envelope = decode(request)
            request_id = envelope.request_id
            data = self._run(envelope, request)
            self._points.charge(envelope.method)
            metadata = self._metadata()
            if isinstance(data, Page):
                metadata["total_items"] = data.total_items
                data = data.rows
            body = encode_result(request_id, data, metadata)
        except ApiRefusal as refusal:
            request_id = request_id if request_id is not None else refusal.request_id
            request.outcome = f"error:{refusal.mnemonic}"
            shown_id = None if self._account.switches.has_null_error_ids else request_id
            method = self._methods.get(request.operation)
            own_kinds = method.kinds if method is not None else {}
            body = encode_error(shown_id, refusal, self._metadata(), own_kinds)
        return Reply(200, body, JSON_TYPE)

    def _metadata(self) -> dict[str, object]:
        return metadata_of(self._points.as_limits(), self._account.switches)

    def _run(self, envelope: Envelope, request: Request) -> object:
        method = self._methods.get(envelope.method)
        if method is None:
            raise ApiRefusal("method_not_found")
        self._check_rights(envelope, method)
        self._points.check(envelope.method)
        self._check_characters(envelope, method)
        parameters.check(method.params, envelope.params)
        planned = self._account.switches.next_refusal(envelope.method)
        if planned is not None:
            raise planned
        return method.run(
            Invocation(
                self._account.world,
                self._account.commands,
                self._account.listing,
                self._account.tokens,
                envelope.params,
                request.effects,
                self._account.zone,
                self._account.switches.disabled_components,
            )
        )

    def _check_rights(self, envelope: Envelope, method: Method) -> None:
        switches = self._account.switches
        if not switches.is_ip_whitelisted:
            raise ApiRefusal("ip_not_whitelisted", params={"ip": CALLER_IP})
        if "access_token" in method.params:
            sent = envelope.params
            if "access_token" not in sent:
                raise ApiRefusal("required_parameter_missed", field="access_token")
            parameters.check_value(parameters.ACCESS_TOKEN, "access_token", sent["access_token"])
            self._account.tokens.check(str(sent["access_token"]))
        if not switches.is_account_active:
            raise ApiRefusal("account_inactive")
        if method.component in switches.disabled_components:
            raise ApiRefusal(method.component_refusal, params={"component_name": COMPONENTS[method.component]})
        if envelope.method in switches.forbidden_methods | self._account.config.data_rights:
            raise ApiRefusal("forbidden")

    @staticmethod
    def _check_characters(envelope: Envelope, method: Method) -> None:
        if not envelope.has_bad_characters:
            return
        lists_it = "character_encoding_not_allowed" in method.errors
        raise ApiRefusal("character_encoding_not_allowed" if lists_it else "parse_error")


def can_answer(method: Method, mnemonic: str) -> bool:
    """The method's error table, or the common list, has this mnemonic."""
    return mnemonic in method.errors or mnemonic in COMMON_MNEMONICS
