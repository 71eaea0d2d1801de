"""Data subjects: what the desk holds of a concern or with a person is given out, found, and erased."""
