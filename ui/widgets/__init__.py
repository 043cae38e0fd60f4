"""Reusable controls that know nothing of calls: they import neither `app` nor panels."""
