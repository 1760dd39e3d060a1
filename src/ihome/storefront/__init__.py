"""What a visitor sees, put together from the features below."""
