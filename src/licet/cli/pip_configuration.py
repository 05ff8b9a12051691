"""Which package indexes the user's pip configuration names: as pip settles it for `pip install`, from its files and the environment.

Files are read in pip's order (https://pip.pypa.io/en/stable/topics/configuration/), a later one over an earlier; the section
[install] over [download] over [global]; the environment over all. `trusted-host` is not honored: who answers must prove who he is.
Options inside requirements files, find-links and netrc are not read.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from licet.documents import read_text
from licet.errors import DocumentError, Location, UsageError
from licet.resolution.package_index import IndexSettings
from licet.visible import clip

_MAX_BYTES: Final = 1024 * 1024
_SECTIONS: Final = ("global", "download", "install")
_TRUE: Final = frozenset({"1", "y", "yes", "t", "true", "on"})
_FALSE: Final = frozenset({"0", "n", "no", "f", "false", "off"})
_NULL_DEVICES: Final = ("/dev/null", "nul")


def index_urls(environment: Mapping[str, str], config_files: Sequence[Path]) -> IndexSettings:
    """What pip would ask, from its files, the later over the earlier. Raises DocumentError or UsageError where they are wrong.

    Where neither pip nor uv (`UV_DEFAULT_INDEX`, `UV_INDEX_URL`) is told an index, the public one is asked.
    """
    options = {**_from_files(config_files), **_from_environment(environment)}
    proxies = _proxies(environment, options)
    cert = options.get("cert") or next((environment[name] for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE") if environment.get(name)), "")
    if _is_true(options.get("no-index", "0")):
        return IndexSettings(cert=cert, proxies=proxies)
    uv = environment.get("UV_DEFAULT_INDEX") or environment.get("UV_INDEX_URL") or ""
    primary = options.get("index-url") or _without_name(uv) or public_index()
    named = tuple(dict.fromkeys((primary, *options.get("extra-index-url", "").split())))
    return IndexSettings(
        urls=tuple(url for url in named if _is_http(url)),
        ignored=tuple(clip(url, 200) for url in named if not _is_http(url)),
        cert=cert,
        proxies=proxies,
    )


def pip_config_files(environment: Mapping[str, str], prefix: Path, platform: str = sys.platform) -> tuple[Path, ...]:
    """Where pip looks, in the order in which it reads; not all of them exist. `prefix` is the folder of the Python environment."""
    named = environment.get("PIP_CONFIG_FILE", "")
    if named.lower() in _NULL_DEVICES:
        return ()
    file = "pip.ini" if platform == "win32" else "pip.conf"
    folders = list(_global_folders(environment, platform))
    if not (named and Path(named).exists()):
        folders += _user_folders(environment, platform)
    return (*(folder / file for folder in folders), prefix / file, *((Path(named),) if named else ()))


def _global_folders(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    if platform == "win32":
        yield Path(environment.get("PROGRAMDATA") or environment.get("ProgramData") or "C:/ProgramData") / "pip"
    elif platform == "darwin":
        yield Path("/Library/Application Support/pip")
    else:
        for folder in (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
            if folder:
                yield Path(folder) / "pip"
        yield Path("/etc")


def _user_folders(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    home = environment.get("USERPROFILE" if platform == "win32" else "HOME")
    if home:
        yield Path(home) / ("pip" if platform == "win32" else ".pip")
    if platform == "win32":
        if environment.get("APPDATA"):
            yield Path(environment["APPDATA"]) / "pip"
    elif platform == "darwin":
        if home:
            own = Path(home) / "Library" / "Application Support" / "pip"
            yield own if own.is_dir() else Path(home) / ".config" / "pip"
    elif environment.get("XDG_CONFIG_HOME"):
        yield Path(environment["XDG_CONFIG_HOME"]) / "pip"
    elif home:
        yield Path(home) / ".config" / "pip"


def _from_files(files: Sequence[Path]) -> dict[str, str]:
    from configparser import Error, RawConfigParser

    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for path in files:
        if not path.is_file():
            continue
        parser = RawConfigParser()
        try:
            parser.read_string(read_text(path, limit=_MAX_BYTES))
        except Error as error:
            # Its own message shows the line, in which a password may stand.
            lines = getattr(error, "errors", None)
            line = lines[0][0] if lines else getattr(error, "lineno", None)
            raise DocumentError(
                "not a configuration file that pip could read", hint="correct it, as pip reads it too", location=Location(str(path), line)
            ) from None
        for section in _SECTIONS:
            if parser.has_section(section):
                found[section].update((_key(name), value) for name, value in parser.items(section))
    # An empty value is none, to pip, but it hides that of an earlier file.
    return {name: value for section in _SECTIONS for name, value in found[section].items() if value}


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {_key(name.removeprefix("PIP_")): value for name, value in environment.items() if name.startswith("PIP_") and value}


def _key(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _proxies(environment: Mapping[str, str], options: Mapping[str, str]) -> dict[str, str]:
    """pip's own proxy is for all addresses; else those of the environment, lower case first as everywhere."""
    found = {scheme: environment.get(f"{scheme}_proxy") or environment.get(f"{scheme.upper()}_PROXY") or "" for scheme in ("http", "https", "all", "no")}
    if environment.get("REQUEST_METHOD"):
        found["http"] = environment.get("http_proxy", "")  # under CGI, HTTP_PROXY is what a stranger sent
    if options.get("proxy"):
        found = {"all": options["proxy"]}
    return {name: value for name, value in found.items() if value}


def _is_true(value: str) -> bool:
    if value.lower() not in _TRUE | _FALSE:
        raise UsageError(f'pip\'s no-index is "{clip(value)}", neither true nor false', hint="write 1 or 0")
    return value.lower() in _TRUE


def _is_http(url: str) -> bool:
    """Whether an index lies at an address that can be asked. Raises UsageError for what is no address at all."""
    if url.startswith("file:") or "://" not in url:
        return False  # a folder on this machine, to pip
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and url.isprintable() and " " not in url:
            return True
    except ValueError:
        pass
    raise UsageError(f'the package index "{clip(url, 100)}" is not an address', hint="correct index-url or extra-index-url in pip's configuration")


def _without_name(url: str) -> str:
    """uv lets an index be named: `name=https://…`."""
    name, _, rest = url.partition("=")
    return rest if rest and ":" not in name else url


def public_index() -> str:
    """The index that is asked where none is configured: the constant of `pypi_simple`.

    It is read from the library's source: to import it would load four large libraries, which takes half a second.
    """
    from importlib.abc import InspectLoader
    from importlib.util import find_spec

    spec = find_spec("pypi_simple")
    source = spec.loader.get_source("pypi_simple") if spec and isinstance(spec.loader, InspectLoader) else None
    stated = re.search(r'^PYPI_SIMPLE_ENDPOINT\b.*= *"(https://[^"]+)"', source or "", re.MULTILINE)
    if stated:
        return stated[1]
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    return PYPI_SIMPLE_ENDPOINT
