"""Files that the manifest names, and files that those name: inside the manifest's folder after links are resolved, or refused."""

from pathlib import Path

from licet.errors import DocumentError, Location
from licet.visible import clip


class Inside:
    """The manifest's folder. Paths that it hands out lie in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder.resolve()

    def file(self, name: str, folder: Path, asked: Location) -> Path:
        """The file of that name seen from `folder`. Raises DocumentError at the place that asked for it."""
        path = self._resolved(name, folder, asked)
        if not self._is_file(path, name, asked):
            raise DocumentError(f'"{clip(name)}": no such file', location=asked)
        return path

    def beside(self, path: Path, name: str, asked: Location) -> Path | None:
        """The file of that name in the folder of `path`, or None where there is none."""
        found = self._resolved(name, path.parent, asked)
        return found if self._is_file(found, name, asked) else None

    def shown(self, path: Path) -> str:
        """The path as the user would write it."""
        return (self.folder / path.relative_to(self.root)).as_posix()

    def _resolved(self, name: str, folder: Path, asked: Location) -> Path:
        try:
            path = (folder / name).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise DocumentError(f'"{clip(name)}" is not the path of a file', location=asked) from error
        if not path.is_relative_to(self.root):
            raise DocumentError(f'"{clip(name)}" lies outside the folder of the manifest', location=asked)
        return path

    @staticmethod
    def _is_file(path: Path, name: str, asked: Location) -> bool:
        try:
            return path.is_file()
        except (OSError, ValueError) as error:
            raise DocumentError(f'"{clip(name)}" is not the path of a file', location=asked) from error
