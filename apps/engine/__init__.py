"""Rules and market together: what every page asks, and the words that pages share."""
