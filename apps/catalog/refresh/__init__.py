"""Fresh prices: sources are read, checked, compared with the catalog, and decided on."""
