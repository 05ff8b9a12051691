"""Models of Ollama that lie on this machine: the license texts and the GGUF header that its manifest names."""

from pathlib import Path

from licet.domain.component import Component
from licet.domain.evidence import Answer, Evidence, Remark
from licet.domain.license import parse_expression
from licet.errors import DocumentError, UsageError
from licet.resolution.ollama_files import OllamaManifest, OllamaStore, parse_ollama
from licet.resolution.source import AtHand, Find, Identify
from licet.resolution.weight_header import read_header

_SCHEME = "ollama:"


class OllamaSource(AtHand):
    name = "ollama"

    def __init__(self, folder: Path | None, find: Find, identify: Identify) -> None:
        self.folder = folder
        self.find = find
        self.identify = identify

    def ask(self, component: Component) -> Answer:
        if not component.id.startswith(_SCHEME):
            return Answer()
        if self.folder is None:
            return Answer(tried="Ollama has no models on this machine")
        try:
            manifest = OllamaStore(self.folder).manifest(parse_ollama(component.id.removeprefix(_SCHEME)))
            return self._read(component, manifest) if manifest else Answer(tried="Ollama has not fetched it to this machine")
        except (DocumentError, UsageError) as error:
            message = f"the local Ollama manifest: {error.message}"
            return Answer(
                tried=message, remarks=(Remark(kind="unreadable-metadata", message=message, artifact="weights", subject="ollama", hint=error.hint or ""),)
            )

    def _read(self, component: Component, manifest: OllamaManifest) -> Answer:
        texts = manifest.licenses()
        evidence = tuple(self._text(digest, text) for digest, text in texts)
        path = manifest.model_file()
        header = read_header(path, str(manifest.name), component, self.name, self.find) if path else Answer()
        return Answer(
            evidence=(*evidence, *header.evidence),
            found=True,
            tried="the local Ollama manifest names no license that is known",
            parents=header.parents,
            remarks=header.remarks,
            has_text=any(item.detected for item in evidence),
        )

    def _text(self, digest: str, text: str) -> Evidence:
        match = self.identify(text)
        known = parse_expression(match.license) if match.license else None
        why = (
            "says which license applies, and is not its text"
            if match.notice
            else ""
            if known is not None
            else f"its text is that of {' and '.join(match.candidates[:4])}"
            if match.candidates
            else "not word for word a text that is known"
        )
        return Evidence(
            source=self.name,
            witness="license-notice" if match.notice else "license-text",
            artifact="weights",
            value="license text",
            expression=known,
            confidence="low" if known is None else "medium" if match.notice else "high",
            location=digest,
            why=why,
            detected=not match.notice,
            candidates=match.candidates,
        )
