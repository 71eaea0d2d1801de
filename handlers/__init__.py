"""What we do about it: one module a journey, plain functions, a Message in and a Reply out."""
