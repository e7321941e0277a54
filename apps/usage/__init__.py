"""Reading of usage exports: totals of requests and tokens from the files of providers."""
