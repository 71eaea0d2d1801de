"""The supply chain: how much of what contracts are worth goes to small firms and the voluntary sector, where, and what
the register says of those below the providers."""
