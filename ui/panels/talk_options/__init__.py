"""The account's own buttons for the time of a talk."""
