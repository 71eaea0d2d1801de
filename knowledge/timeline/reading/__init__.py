"""Files and feeds as statements: each record is taken, or named with its reason."""
