"""The policy over evaluations → findings."""
