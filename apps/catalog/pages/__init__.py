"""The pages of the catalog: list, detail, comparison and exports."""
