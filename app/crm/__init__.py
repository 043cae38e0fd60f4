"""What the rest of the program sees of a CRM, and how one number is matched to several customers."""
