"""What providers offer others: posted by form, published by an officer, changed and taken back by its poster."""
