"""Software bills of materials → components with the licenses that they state: CycloneDX 1.4 to 1.7, SPDX 2.2, 2.3 and 3.0."""

from licet.manifest.sbom.read import looks_like_sbom, read_sbom
from licet.manifest.sbom.values import Relation, Sbom, SbomComponent, SbomLicense, SbomParent

__all__ = ["Relation", "Sbom", "SbomComponent", "SbomLicense", "SbomParent", "looks_like_sbom", "read_sbom"]
