"""Pult without a face: everything the console does, runnable with no Qt installed. The windows live in `ui`."""

__version__ = "0.1.0"
