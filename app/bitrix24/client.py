"""Calls, their recordings and notes: one typed method per remote operation. No decisions: one request, one answer."""

from __future__ import annotations

from app.bitrix24 import mapping, wire
from app.bitrix24.rest import Page, PortalRest
from app.crm.port import StepReceipt
from app.errors import NotFound, OutcomeUnknown, Refused
from app.http import FileToSend

_PROBE_NAME = "probe.mp3"
# The portal fetches a linked recording before it answers.
_LINK_DEADLINE_S = 90.0


class Bitrix24Client:
    """Every method raises what PortalRest raises."""

    def __init__(self, rest: PortalRest) -> None:
        self._rest = rest

    @property
    def portal_url(self) -> str:
        """Scheme and host of the portal."""
        return self._rest.portal_url

    async def register(self, params: wire.Registration) -> StepReceipt:
        """`call_id`, the customer the call was tied to, a lead that was made (crm-notes 1.1)."""
        receipt = mapping.registered(await self._rest.write(wire.REGISTER, params))
        if receipt is None:
            raise OutcomeUnknown("reply_unexpected")
        return receipt

    async def finish(self, params: wire.Finish) -> StepReceipt:
        """`statistics_id`, `activity_id`, the customer (crm-notes 1.2). Raises NotFound("call_not_found")."""
        return mapping.finished(await self._rest.write(wire.FINISH, params))

    async def show(self, call_id: str, *crm_user_ids: int) -> bool:
        """Push Bitrix24's own card to these users; False: no such open call (crm-notes 1.4)."""
        return await self._rest.result(wire.SHOW, wire.PushedCard(call_id, crm_user_ids)) is True

    async def hide(self, call_id: str, *crm_user_ids: int) -> bool:
        """Take the card away from these users; False: no such open call, so there is nothing to hide."""
        return await self._rest.result(wire.HIDE, wire.PushedCard(call_id, crm_user_ids)) is True

    async def is_in_statistics(self, call_id: str) -> bool:
        """Whether this call was finished, asked by attachRecord with a file name only: it creates nothing."""
        try:
            await self._rest.result(wire.ATTACH_RECORD, wire.RecordName(call_id, _PROBE_NAME))
        except NotFound as error:
            if error.code != "call_not_in_statistics":
                raise
            return False
        return True

    async def statistics_of_call(self, call_id: str) -> Page:
        """Statistics rows of a finished call. Raises RightsMissing without the right to see them (crm-notes 1.6)."""
        return await self._rest.page(wire.STATISTIC_GET, wire.StatisticsPage(filter={"CALL_ID": call_id}))

    async def activities_of_call(self, call_id: str) -> Page:
        """CRM activities a finish of this call has made, with or without statistics (crm-notes 1.2)."""
        return await self._rest.page(
            wire.ACTIVITY_LIST,
            wire.ListParams(
                filter={"ORIGIN_ID": f"VI_{call_id}"},
                select=("ID", "OWNER_ID", "OWNER_TYPE_ID", "ORIGIN_ID"),
                order={"ID": "DESC"},
            ),
        )

    async def attach_content(self, call_id: str, file_name: str, content: bytes) -> StepReceipt:
        """`file_id`; the whole file inside the request. A repeat replaces the recording (crm-notes 1.3)."""
        params = wire.RecordContent(call_id, file_name, content)
        return _stored(await self._rest.write(wire.ATTACH_RECORD, params))

    async def attach_link(self, call_id: str, file_name: str, link: str) -> StepReceipt:
        """`file_id`; the portal fetches the recording before it answers. `link` must not be empty: an empty one still
        means this mode."""
        params = wire.RecordLink(call_id, file_name, link)
        return _stored(await self._rest.result(wire.ATTACH_RECORD, params, _LINK_DEADLINE_S))

    async def ask_upload(self, call_id: str, file_name: str) -> wire.UploadAddress:
        """Where the file may be sent within the hour. Raises Refused("upload_address_refused") for an address that is
        not the portal's own."""
        result = await self._rest.result(wire.ATTACH_RECORD, wire.RecordName(call_id, file_name))
        address = mapping.upload_address(result)
        if address is None:
            raise OutcomeUnknown("reply_unexpected")
        if not mapping.is_of_portal(address, self.portal_url):
            raise Refused("upload_address_refused")
        return address

    async def upload(self, address: wire.UploadAddress, part: FileToSend) -> StepReceipt:
        """`file_id`; the name that counts is the part's own."""
        return _stored(await self._rest.upload(address.url, part))

    async def probe_registration(self, crm_user_id: int) -> None:
        """Raises RightsMissing("wrong_auth_type") where the portal wants an application for registering calls.

        A TYPE that does not exist: refused with "Unknown TYPE" when the rest is right, so nothing is created
        (crm-notes 3).
        """
        params = {"USER_ID": crm_user_id, "TYPE": 0, "PHONE_NUMBER": "0", "SHOW": 0, "CRM_CREATE": 0}
        try:
            await self._rest.result(wire.REGISTER, wire.RawParams(params))
        except Refused as error:
            if error.code != "unknown_type":
                raise

    async def add_comment(self, fields: wire.CommentFields) -> StepReceipt:
        """`comment_id`. Not idempotent. Raises NotFound("customer_not_found"), Refused("customer_access_denied")."""
        result = await self._rest.write(wire.COMMENT_ADD, wire.CommentAdd(fields))
        return StepReceipt({"comment_id": str(result)} if isinstance(result, int | str) else {})

    async def list_comments(self, entity_type: str, entity_id: int, start: int = 0) -> Page:
        """Comments of one customer, newest first, fifty to a page."""
        return await self._rest.page(
            wire.COMMENT_LIST,
            wire.ListParams(
                filter={"ENTITY_TYPE": entity_type, "ENTITY_ID": entity_id},
                select=("ID", "COMMENT", "CREATED"),
                order={"ID": "DESC"},
                start=start,
            ),
        )


def _stored(result: object) -> StepReceipt:
    """A recording counts as attached when it has a FILE_ID, and only then."""
    file_id = wire.number_in(result, "FILE_ID")
    if file_id is None:
        raise OutcomeUnknown("reply_unexpected")
    return StepReceipt({"file_id": str(file_id)})
