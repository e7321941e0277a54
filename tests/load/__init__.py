"""Many visitors at once, each at the pace of a person."""
