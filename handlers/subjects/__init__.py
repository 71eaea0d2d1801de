"""DATA SUBJECTS: what is held of a concern or with a person is given out, found and erased."""
