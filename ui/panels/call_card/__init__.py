"""The Bitrix24 call card: what the console saw of my call, what I write about it, and what became of the card."""
