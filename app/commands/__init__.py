"""The headless commands, one module each. They alone in `app` print, in plain technical English or as JSON."""
