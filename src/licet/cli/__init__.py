"""The commands: the only place that knows the terminal, the environment and exit codes."""
