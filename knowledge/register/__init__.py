"""The contract register: read as councils publish it, held, compared with what was there, and searched."""
