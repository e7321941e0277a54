"""One reader for each kind of price list."""
