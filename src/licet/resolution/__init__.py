"""Where a component's license is found out: one source a file, in an order of trust, and what is concluded."""
