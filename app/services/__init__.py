"""Use cases of the console, over ports: no vendor, no Qt, no sentence for a person."""
