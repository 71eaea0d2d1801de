"""The council's documents: read, cut into passages, indexed, searched."""
