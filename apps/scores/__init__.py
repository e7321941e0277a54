"""Newer snapshots of the capability index: read, compared with the catalog, proposed, accepted."""
