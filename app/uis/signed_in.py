"""Requests that carry a token: login, logout, and one renewal of a token the other side no longer knows.

Both APIs of the vendor speak like this. Which methods there are is for the clients to know.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec

from app.errors import OutcomeUnknown, SignInRefused
from app.uis.rpc import JsonRpc
from app.uis.sign_in import RENEWABLE_REFUSALS, SessionToken, UisSignIn
from app.uis.wire import is_success, read_object, whole_number_of

R = TypeVar("R")


class SignedIn:
    """Sends each request once. It is repeated only when a JSON-RPC answer says that its token is not valid: then it
    was refused, for sure."""

    def __init__(self, rpc: JsonRpc, sign_in: UisSignIn) -> None:
        self.rpc = rpc
        self._sign_in = sign_in

    async def login_user(self, login: str, password: str) -> SessionToken:
        """A token for an hour. The Data API's page of the same method spells `expire_at` as `expire` (uis-notes
        §6.11)."""
        found = read_object(await self.rpc.exchange("login.user", {"login": login, "password": password}))
        token = found.get("access_token")
        if not isinstance(token, str) or not token:
            raise OutcomeUnknown("reply_unexpected")
        return SessionToken(token, whole_number_of(found.get("expire_at", found.get("expire"))))

    async def logout_user(self, token: str) -> None:
        expect_success(await self.rpc.exchange("logout.user", {"access_token": token}))

    async def sign_out(self) -> None:
        """End the session, if there is one, and forget the credentials."""
        await self._sign_in.sign_out(self)

    async def ask(self, method: str, params: Mapping[str, object]) -> msgspec.Raw:
        """The `data` of the answer."""
        return await self.with_token(lambda token: self.rpc.exchange(method, {"access_token": token, **params}))

    async def with_token(self, ask: Callable[[str], Awaitable[R]]) -> R:
        """What `ask` makes of a token."""
        token = await self._sign_in.token(self)
        try:
            return await ask(token)
        except SignInRefused as error:
            if error.code not in RENEWABLE_REFUSALS or not self._sign_in.can_renew:
                raise
            self._sign_in.forget(token)
        return await ask(await self._sign_in.token(self))


def expect_success(data: msgspec.Raw) -> None:
    """Anything but a clear yes is no answer that could be trusted."""
    if not is_success(data):
        raise OutcomeUnknown("reply_unexpected")
