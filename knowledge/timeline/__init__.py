"""The timeline of commissioning intentions: what the council plans to commission, when, and why that changed."""
