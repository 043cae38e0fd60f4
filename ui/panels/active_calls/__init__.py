"""The list of the account's live calls."""
