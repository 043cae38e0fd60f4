"""Starting a call: one field, suggestions, and the details of each way for those who want them."""
