"""All sources. Their order is the order of trust."""

from licet.resolution.catalog import CatalogSource, Lookup
from licet.resolution.installed import Environment, InstalledClassifiers, InstalledExpression
from licet.resolution.source import Find, LicenseSource
from licet.resolution.statement import ManifestStatement


def sources(find: Find, catalog: Lookup, environment: Environment | None) -> tuple[LicenseSource, ...]:
    return (
        ManifestStatement(find),  # a person looked at it and gives a reason
        InstalledExpression(environment, find),  # exact, and of the very version in use
        CatalogSource(catalog, find),  # curated, dated
        InstalledClassifiers(environment, find),  # coarse
    )
