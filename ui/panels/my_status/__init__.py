"""The operator's own status in the phone system, shown and chosen."""
