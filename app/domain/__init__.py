"""What a call is: pure values and pure functions over them, standard library only. No input or output happens here."""
