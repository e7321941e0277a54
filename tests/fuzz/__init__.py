"""Requests that nobody would think of, to every address of the site."""
