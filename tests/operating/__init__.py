"""The product as it is run: backups, faults, several processes."""
