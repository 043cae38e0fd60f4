"""One simulated world with its six ports, from start to end."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from types import TracebackType

from app.simulator.amocrm_api.account import AmoAccount
from app.simulator.amocrm_api.face import AmoFace
from app.simulator.background import BackgroundLoad
from app.simulator.bitrix24_api.face import Bitrix24Face
from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.clock import RealClock, SimulatorClock, VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.control import ControlFace
from app.simulator.faults import FaultPlan
from app.simulator.journal import Journal
from app.simulator.pbx.world import PbxWorld
from app.simulator.scenario import Scenario, load_scenario
from app.simulator.server import HOST, FaceServer
from app.simulator.timeline import Timeline
from app.simulator.uis_api.data_methods import DATA_METHODS
from app.simulator.uis_api.face import Account, JsonRpcFace
from app.simulator.uis_api.media import MediaFace
from app.simulator.uis_api.methods import methods_of

CALL_API_PATH = "/v4.0"
DATA_API_PATH = "/v2.0"


class Simulator:
    """Async context manager: inside, the worlds are served on 127.0.0.1. Raises ScenarioError when made."""

    def __init__(self, config: SimulatorConfig | None = None, clock: SimulatorClock | None = None) -> None:
        self.config = config or SimulatorConfig()
        self.clock = clock or (VirtualClock() if self.config.has_virtual_clock else RealClock())
        self.journal = Journal()
        self.faults = FaultPlan(self.config.seed)
        self.scenario: Scenario = load_scenario(self.config.scenario)
        self.pbx = PbxWorld(self.config, self.clock, self.scenario.directory)
        self.account = Account(self.config, self.pbx)
        """Tokens, points, rights and switches of the Call API."""
        self.bitrix24 = BitrixPortal(self.config, self.clock)
        self.amocrm = AmoAccount(self.config, self.clock)
        self.timeline = Timeline(self.pbx, self.scenario.timeline, self.scenario.repeat_every_s)
        self.control_token = self.config.control_token or secrets.token_hex(16)
        self._servers = self._make_servers()
        self._fill_crm()

    def _make_servers(self) -> Mapping[str, FaceServer]:
        faces = (
            JsonRpcFace("pbx", CALL_API_PATH, self.account, methods_of(self.config.edition)),
            JsonRpcFace("data", DATA_API_PATH, self.account, DATA_METHODS, self.account.data_points),
            MediaFace(self.pbx),
            Bitrix24Face(self.bitrix24),
            AmoFace(self.amocrm),
        )
        servers = {
            face.name: FaceServer(
                face,
                clock=self.clock,
                journal=self.journal,
                faults=self.faults,
                catch_up=self.pbx.schedule.catch_up,
            )
            for face in faces
        }
        # its own empty journal and plan: steering the world is not part of what happens in it
        servers["control"] = FaceServer(
            ControlFace(self, self.control_token),
            clock=self.clock,
            journal=Journal(),
            faults=FaultPlan(),
            catch_up=self.pbx.schedule.catch_up,
        )
        return servers

    def _fill_crm(self) -> None:
        employee = self.pbx.directory.employees.get(self.config.employee_id)
        if employee is not None:
            self.bitrix24.add_user(self.config.bitrix_user_id, employee.full_name, employee.extension)
        for customer in self.scenario.customers:
            self.bitrix24.add_contact(
                customer.entity_type,
                customer.entity_id,
                customer.name,
                customer.phone,
                self.config.bitrix_user_id,
            )
            self.amocrm.add_contact(
                customer.entity_type,
                customer.entity_id,
                customer.name,
                customer.phone,
                self.config.amocrm_user_id,
            )

    async def __aenter__(self) -> "Simulator":
        try:
            for name, server in self._servers.items():
                await server.start(self.config.ports.get(name, 0))
        except OSError:
            await self._stop()
            raise
        self.pbx.recordings.base_url = self.media_url
        self.start_world()
        return self

    def start_world(self) -> None:
        """Begin the scenario's load and timeline; done on entering."""
        if self.scenario.background is not None:
            known = [customer.phone for customer in self.scenario.customers]
            BackgroundLoad(self.pbx, self.scenario.background, known).start()
        self.timeline.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        self.faults.clear()
        for server in self._servers.values():
            await server.aclose()

    def _url(self, face: str) -> str:
        return f"http://{HOST}:{self._servers[face].port}"

    @property
    def pbx_url(self) -> str:
        """Call API, e.g. ``http://127.0.0.1:40001/v4.0``."""
        return self._url("pbx") + CALL_API_PATH

    @property
    def data_api_url(self) -> str:
        """Data API."""
        return self._url("data") + DATA_API_PATH

    @property
    def media_url(self) -> str:
        """Where recordings lie, without a slash at its end."""
        return self._url("media")

    @property
    def webhook_url(self) -> str:
        """Incoming webhook of the portal, with the slash at its end."""
        return f"{self._url('bitrix24')}/rest/{self.config.bitrix_user_id}/{self.config.webhook_secret}/"

    @property
    def bitrix24_oauth_url(self) -> str:
        """Where the portal's application renews its tokens."""
        return f"{self._url('bitrix24')}/oauth/token/"

    @property
    def amocrm_url(self) -> str:
        """Account address of amoCRM."""
        return self._url("amocrm")

    @property
    def control_url(self) -> str:
        """The port that steers the world."""
        return self._url("control")

    def advance(self, seconds: float) -> None:
        """Move a virtual clock and live through that time; TypeError with a real one."""
        if not isinstance(self.clock, VirtualClock):
            raise TypeError("only a virtual clock can be advanced")
        self.clock.advance(seconds)
        self.pbx.schedule.catch_up()

    def set_down(self, face: str, down: bool) -> None:
        """A whole face refuses connections, or is back on the same port."""
        self._servers[face].set_down(down=down)

    def credentials(self) -> dict[str, object]:
        """What a console needs to connect, and what a test needs to steer."""
        return {
            "pbx_url": self.pbx_url,
            "data_api_url": self.data_api_url,
            "media_url": self.media_url,
            "bitrix24_webhook": self.webhook_url,
            "amocrm_url": self.amocrm_url,
            "login": self.config.login,
            "password": self.config.password,
            "token": self.config.permanent_token,
            "employee_id": self.config.employee_id,
            "bitrix24_user_id": self.config.bitrix_user_id,
            "amocrm_token": self.config.amocrm_token,
            "amocrm_user_id": self.config.amocrm_user_id,
            "bitrix24_oauth_url": self.bitrix24_oauth_url,
            "bitrix24_client_id": self.config.bitrix_client_id,
            "bitrix24_client_secret": self.config.bitrix_client_secret,
            "bitrix24_refresh_token": self.config.bitrix_refresh_token,
            "amocrm_client_id": self.config.amocrm_client_id,
            "amocrm_client_secret": self.config.amocrm_client_secret,
            "amocrm_redirect_uri": self.config.amocrm_redirect_uri,
            "amocrm_refresh_token": self.config.amocrm_refresh_token,
            "control_url": self.control_url,
            "control_token": self.control_token,
        }


async def serve(config: SimulatorConfig, *, announce: Callable[[dict[str, object]], None], stop: asyncio.Event) -> None:
    """Serve a world until `stop` is set; `announce` gets the credentials once everything listens."""
    async with Simulator(config) as simulator:
        announce(simulator.credentials())
        await stop.wait()
