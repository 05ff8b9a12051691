"""A project's manifest → components with their usage and location."""

from licet.manifest.find import find_manifest
from licet.manifest.read import Manifest, read_manifest

__all__ = ["Manifest", "find_manifest", "read_manifest"]
