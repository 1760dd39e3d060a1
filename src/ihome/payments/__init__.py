"""What touches money: paying, cancelling, expiring, refunding."""
