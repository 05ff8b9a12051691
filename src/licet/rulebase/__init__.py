"""`rules/` → values: where the rules are, how each file is read, how a license or component is found by name."""

from licet.rulebase.base import RuleBase, open_rules

__all__ = ["RuleBase", "open_rules"]
