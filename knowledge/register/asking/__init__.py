"""Questions about contracts: a message taken apart into what is wanted, and of which contracts."""
