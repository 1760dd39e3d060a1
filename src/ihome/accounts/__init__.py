"""Who the guests and landlords are: accounts, sessions, verified identities."""
