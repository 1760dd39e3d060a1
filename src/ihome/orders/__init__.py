"""Quote, order, accept or reject, stay, comment."""
