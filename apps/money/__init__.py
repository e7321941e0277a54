"""The cost formulas: pure Python, no Django."""
