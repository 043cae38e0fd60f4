"""The row of commands on the current call."""
