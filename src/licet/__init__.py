"""licet: a license compliance checker for AI models, datasets and frameworks."""

__version__ = "0.1.0"
