"""What is in hand around the calls: a transfer under way, tags that count down, callers lost in a transfer."""
