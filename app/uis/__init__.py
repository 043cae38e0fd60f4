"""The UIS / CoMagic Call API v4.0: JSON-RPC client, payloads as the vendor spells them, the telephony port."""
