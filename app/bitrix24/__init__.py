"""Bitrix24: its REST methods, its spelling, its errors, and the two CRM ports on top of them."""
