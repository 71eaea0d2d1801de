"""What the desk owes people: written in the transaction that made the fact, sent by workers, never forgotten."""
