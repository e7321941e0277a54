"""What the editors' side of the catalog is made of."""
