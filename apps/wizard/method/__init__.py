"""The page that shows how a recommendation is computed, with every table behind it."""
