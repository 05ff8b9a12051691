"""All formats of the interface, and which of them are built."""

from typing import Final

BUILT: Final = ("table", "json")
LATER: Final = (
    "sarif",
    "junit",
    "markdown",
    "html",
    "pdf",
    "docx",
    "csv",
    "spdx",
    "spdx3",
    "cyclonedx",
    "github",
    "gitlab",
    "mermaid",
    "dot",
)
