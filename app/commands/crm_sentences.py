"""What amoCRM and the token offices of both CRMs refuse with, in technical English."""

from __future__ import annotations

from collections.abc import Mapping

_SIGN_IN_AGAIN = "Give a new refresh token: the administrator installs the application once more."

OAUTH_SENTENCES: Mapping[str, str] = {
    "token_refused": "The token is not accepted. The administrator makes a new one.",
    "oauth_token_missing": f"There is no refresh token. {_SIGN_IN_AGAIN}",
    "oauth_sign_in_again": f"The refresh token is used up or too old. {_SIGN_IN_AGAIN}",
    "oauth_pair_lost": f"The reply with the new tokens was lost, and the old one is used up. {_SIGN_IN_AGAIN}",
    "oauth_client_refused": "The application's id or client secret is wrong. Correct them.",
    "oauth_request_refused": "The token server does not take the request. Check its address and the redirect address.",
    "oauth_forbidden": "The token server does not let this machine in. Ask the CRM's administrator.",
}

CHECK_SENTENCES: Mapping[str, str] = {
    "portal_url_missing": "The application needs the portal's address. Set bitrix24.portal_url.",
    "webhook_shape": "This is not a webhook's address; it looks like https://portal.bitrix24.ru/rest/1/abc123/.",
    "amo_address_missing": "Set amocrm.account_url.",
    "amo_token_expired": "The long-lived token has ended. Make a new one and set amocrm_token.",
    "amo_user_not_found": "amoCRM has no such user. Correct amocrm.user_id.",
}
"""What a check finds wrong before, or after, it asks."""

AMOCRM_SENTENCES: Mapping[str, str] = {
    "amo_token_refused": "amoCRM does not accept the token. Make a new long-lived one and set amocrm_token.",
    "amo_subscription_ended": "The subscription of amoCRM has ended, so nothing can be written. Ask its administrator.",
    "amo_forbidden": "The amoCRM user may not do this. Its administrator gives the right.",
    "amo_address_not_allowed": "amoCRM does not let this machine's address in. Its administrator allows it.",
    "amo_blocked_for_rate": "amoCRM has blocked the account for too many requests. It goes on by itself after a while.",
    "amo_too_many_requests": "amoCRM got too many requests. It goes on by itself after a while.",
    "amo_account_moved": "The amoCRM account has another address now. Correct amocrm.account_url.",
    "amo_invalid_field": "amoCRM does not take one of the fields.",
    "amo_rights_or_subscription": "amoCRM refuses this call: a right is missing, or the subscription is not enough.",
    "amo_refused": "amoCRM refused.",
    "amo_call_refused": "amoCRM did not add the call.",
    "amo_number_unknown": "Nobody in amoCRM has this number. Choose in the console what to do with the call.",
    "amo_number_hidden": "The caller's number is hidden, so amoCRM cannot find anybody. Choose a customer, or skip it.",
    "amo_customer_needed": "No customer of amoCRM was chosen. Choose one in the console.",
    "amo_customer_not_found": "The customer is gone from amoCRM. Choose another one in the console.",
    "amo_customer_access_denied": "The integration may not see this customer of amoCRM. Choose another one.",
    "amo_not_found": "amoCRM does not have it.",
    "call_half_done": "amoCRM may have taken this call into unsorted, and it is not there any more. Look there first.",
    "recording_not_ready": "The call's recording is not there yet. It is waited for.",
}
