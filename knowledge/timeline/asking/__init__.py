"""Questions about coming work: a message taken apart into what is wanted, of which intentions, in which time."""
