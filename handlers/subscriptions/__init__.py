"""ALERTS: somebody says what they want to hear of, sees what would have come of it, starts it, changes it, ends it."""
