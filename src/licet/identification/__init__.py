"""Text → license id: normalize, fingerprint, look up."""

from licet.identification.exact import Identified, Texts

__all__ = ["Identified", "Texts"]
