"""What people say they want to hear of, as criteria, and criteria as people say them."""
