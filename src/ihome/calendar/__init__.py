"""Which nights are gone, and which stays are allowed."""
