"""The panels of the window: each has a view (widgets), a view state (pure) and a presenter (services)."""
