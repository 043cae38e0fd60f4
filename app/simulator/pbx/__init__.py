"""The simulated telephone exchange: who works there, the live calls and what happens to them. No HTTP and no JSON."""
