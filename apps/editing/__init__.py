"""What every admin shares: audited saving, forms, and sheets to import and export."""
