"""Reports: figures with the words that say what they mean, for whoever may see them."""
