"""The main window and the small windows it opens."""
