"""Price lists of others: read, compared with the catalog, proposed and accepted."""
