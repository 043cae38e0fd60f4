"""amoCRM: its REST methods, its spelling, its errors, and the CRM ports on top of them."""
