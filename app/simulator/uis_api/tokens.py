"""Who may call: login and password, session tokens that expire, the permanent key."""

import random

from app.simulator.config import SimulatorConfig
from app.simulator.schedule import Schedule
from app.simulator.uis_api.refusals import ApiRefusal


class Tokens:
    """Session tokens of one account. A token is a secret of this process only."""

    def __init__(self, config: SimulatorConfig, schedule: Schedule) -> None:
        self._config = config
        self._schedule = schedule
        self._dice = random.Random(f"tokens {config.seed}")
        self._sessions: dict[str, float] = {}
        self.permanent_is_expired = config.permanent_token_is_expired
        self.permanent_is_blocked = False

    def sign_in(self, login: str, password: str) -> tuple[str, int]:
        """A fresh session token and its end as a Unix timestamp; raises ApiRefusal auth_error."""
        if login != self._config.login or password != self._config.password:
            raise ApiRefusal("auth_error")
        token = f"{self._dice.getrandbits(288):072x}"
        self._sessions[token] = self._schedule.now_s() + self._config.token_ttl_s
        return token, int(self._schedule.wall_now().timestamp()) + self._config.token_ttl_s

    def check(self, token: str) -> None:
        """Raise ApiRefusal unless the token opens the account now."""
        if token == self._config.permanent_token:
            if self.permanent_is_blocked:
                raise ApiRefusal("access_token_blocked")
            if self.permanent_is_expired:
                raise ApiRefusal("access_token_expired")
            return
        ends_s = self._sessions.get(token)
        if ends_s is None or self._schedule.now_s() >= ends_s:
            raise ApiRefusal("access_token_invalid")

    def sign_out(self, token: str) -> None:
        """Forget a session token; the permanent key stays."""
        self._sessions.pop(token, None)

    def expire_all(self) -> None:
        """Every session token is invalid from now on."""
        self._sessions.clear()
