"""The rulebook as rows: drafts, publishing, and compiling to values."""
