"""How fast and how large the console is, against references and other programs measured in the same run."""
