"""Files taken in: what each would do, what was there before, and how that is put back."""
