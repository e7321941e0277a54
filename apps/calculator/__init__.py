"""The cost page: one workload, five options, every input open to change."""
