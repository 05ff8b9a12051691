"""Compiles the rules into the wheel, so that an installed licet parses no YAML to answer. Editable installs compile into a cache."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from licet.rulebase.compiled import FILE, compile_rules
        from licet.rulebase.folder import RuleFolder

        self.folder = tempfile.TemporaryDirectory()
        compiled = Path(self.folder.name) / FILE
        compiled.write_bytes(compile_rules(RuleFolder(root / "rules")))
        build_data["force_include"][str(compiled)] = f"licet/rules/{FILE}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()
