"""The simulated amoCRM account: its rows and switches (`account`), its methods, and its HTTP surface (`face`)."""
