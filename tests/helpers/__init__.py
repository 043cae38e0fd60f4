"""What several test rooms share: clocks, waiting, guards, the Qt side. No tests."""
