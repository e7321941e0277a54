"""The recommendation page, a module for each of its sections."""
