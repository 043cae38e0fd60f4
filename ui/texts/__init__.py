"""The only tables from codes, states and reasons to words, translated. English is the source."""
