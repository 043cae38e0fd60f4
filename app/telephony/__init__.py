"""Vendor-neutral telephony: what services see of a PBX, the poll loop, and the difference between two snapshots."""
