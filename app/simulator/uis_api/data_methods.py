"""The corner of the Data API v2.0 that the console needs to check an account: sign-in and get.account."""

from collections.abc import Mapping

from app.simulator.uis_api.invocation import TOKEN, Invocation, Method
from app.simulator.uis_api.methods import METHODS


def _get_account(invocation: Invocation) -> object:
    config = invocation.world.config
    return [{"app_id": config.app_id, "name": "ООО «Пример»", "timezone": config.time_zone}]


DATA_METHODS: Mapping[str, Method] = {
    "login.user": METHODS["login.user"],
    "logout.user": METHODS["logout.user"],
    "get.account": Method("base", TOKEN, query=_get_account),
}
