"""The indexes that pip would ask are the ones that licet asks."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from licet.cli.pip_configuration import index_urls, pip_config_files, public_index
from licet.errors import DocumentError, UsageError
from licet.resolution.package_index import IndexSettings

ONE = "https://registry.example/one/simple"
TWO = "https://registry.example/two/simple"
THREE = "https://registry.example/three/simple"

Settle = Callable[..., IndexSettings]


@pytest.fixture
def settle(tmp_path: Path) -> Settle:
    """What these configuration files, the later over the earlier, and this environment come to."""

    def of(*files: str, **environment: str) -> IndexSettings:
        paths = []
        for number, text in enumerate(files):
            paths.append(tmp_path / f"{number}.conf")
            paths[-1].write_text(text, encoding="utf-8")
        return index_urls(environment, paths)

    return of


# -- which indexes ------------------------------------------------------------------------------------------------


def test_where_nothing_is_configured_the_public_index_is_asked(settle: Settle) -> None:
    assert settle() == IndexSettings(urls=(public_index(),))
    assert settle("", "[global]\ntimeout = 60\n", PIP_INDEX_URL="").urls == (public_index(),)


@pytest.mark.parametrize(
    ("files", "environment", "urls"),
    [
        ([f"[global]\nindex-url = {ONE}\n"], {}, (ONE,)),
        ([f"[global]\nindex_url = {ONE}\n"], {}, (ONE,)),
        ([f"[install]\nindex-url: {ONE}\n"], {}, (ONE,)),
        ([f"[download]\nindex-url = {ONE}\n"], {}, (ONE,)),
        ([f"[list]\nindex-url = {ONE}\n[global]\nindex-url = {TWO}"], {}, (TWO,)),
        ([f"[install]\nindex-url = {ONE}\n[global]\nindex-url = {TWO}\n"], {}, (ONE,)),
        ([f"[install]\nindex-url = {ONE}\n", f"[global]\nindex-url = {TWO}\n"], {}, (ONE,)),
        ([f"[global]\nindex-url = {ONE}\n", f"[global]\nindex-url = {TWO}\n"], {}, (TWO,)),
        ([f"[install]\nindex-url = {ONE}\n"], {"PIP_INDEX_URL": TWO}, (TWO,)),
        ([f"[global]\nindex-url = {ONE}\nextra-index-url =\n    {TWO}\n    {THREE}\n"], {}, (ONE, TWO, THREE)),
        ([f"[global]\nindex-url = {ONE}\nextra-index-url = {TWO} {ONE} {TWO}\n"], {}, (ONE, TWO)),
        ([f"[global]\nindex-url = {ONE}\nextra-index-url = {TWO}\n"], {"PIP_EXTRA_INDEX_URL": THREE}, (ONE, THREE)),
        ([f"[global]\nindex-url = {ONE}\nextra-index-url = {TWO}\n[install]\nextra-index-url = {THREE}\n"], {}, (ONE, THREE)),
        ([f"# a comment\n[global]\nindex-url = {ONE}%%20(x)s\n"], {}, (f"{ONE}%%20(x)s",)),
        ([], {"PIP_INDEX_URL": ONE, "PIP_EXTRA_INDEX_URL": f"{TWO}\n{THREE}"}, (ONE, TWO, THREE)),
        ([], {"UV_INDEX_URL": ONE}, (ONE,)),
        ([], {"UV_INDEX_URL": ONE, "UV_DEFAULT_INDEX": f"company={TWO}"}, (TWO,)),
        ([], {"UV_INDEX_URL": f"{ONE}?a=b"}, (f"{ONE}?a=b",)),
        ([], {"UV_INDEX_URL": ONE, "PIP_INDEX_URL": TWO}, (TWO,)),
    ],
)
def test_the_indexes(settle: Settle, files: list[str], environment: dict[str, str], urls: tuple[str, ...]) -> None:
    assert settle(*files, **environment).urls == urls


def test_the_public_index_is_the_constant_of_the_library() -> None:
    import pypi_simple

    assert public_index() == pypi_simple.PYPI_SIMPLE_ENDPOINT


def test_the_library_is_not_imported_for_its_constant() -> None:
    code = "import sys; from licet.cli.pip_configuration import public_index; public_index(); print(sorted({'pypi_simple', 'urllib3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout.strip() == "[]"


def test_an_extra_index_comes_after_the_public_one(settle: Settle) -> None:
    assert settle(PIP_EXTRA_INDEX_URL=ONE).urls == (public_index(), ONE)


@pytest.mark.parametrize(
    ("files", "environment", "is_off"),
    [
        (["[global]\nno-index = true\n"], {}, True),
        (["[install]\nno-index = yes\n"], {}, True),
        ([], {"PIP_NO_INDEX": "1"}, True),
        (["[global]\nno-index = true\n"], {"PIP_NO_INDEX": "off"}, False),
        (["[global]\nno-index = true\n", "[global]\nno-index =\n"], {}, False),
    ],
)
def test_no_index(settle: Settle, files: list[str], environment: dict[str, str], is_off: bool) -> None:
    settings = settle(*files, PIP_INDEX_URL=ONE, PIP_EXTRA_INDEX_URL=TWO, **environment)
    assert settings.urls == (() if is_off else (ONE, TWO))


def test_a_folder_is_no_index_to_ask_and_not_replaced_by_the_public_one(settle: Settle) -> None:
    settings = settle(PIP_INDEX_URL="file:///srv/simple", PIP_EXTRA_INDEX_URL=f"/srv/more {ONE}")
    assert settings.urls == (ONE,)
    assert settings.ignored == ("file:///srv/simple", "/srv/more")


# -- certificates and proxies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "environment", "cert"),
    [
        ("[global]\ncert = /etc/one.pem\n", {}, "/etc/one.pem"),
        ("[global]\ncert = /etc/one.pem\n", {"PIP_CERT": "/etc/two.pem"}, "/etc/two.pem"),
        ("[global]\ncert = /etc/one.pem\n", {"REQUESTS_CA_BUNDLE": "/etc/two.pem"}, "/etc/one.pem"),
        ("", {"REQUESTS_CA_BUNDLE": "/etc/two.pem", "SSL_CERT_FILE": "/etc/three.pem"}, "/etc/two.pem"),
        ("", {}, ""),
    ],
)
def test_the_certificates_to_trust(settle: Settle, file: str, environment: dict[str, str], cert: str) -> None:
    assert settle(file, **environment).cert == cert


@pytest.mark.parametrize(
    ("file", "environment", "proxies"),
    [
        ("", {}, {}),
        (
            "",
            {"https_proxy": "proxy.example:1", "HTTPS_PROXY": "proxy.example:2", "NO_PROXY": "near.example"},
            {"https": "proxy.example:1", "no": "near.example"},
        ),
        ("", {"HTTP_PROXY": "proxy.example:1", "ALL_PROXY": "proxy.example:2"}, {"http": "proxy.example:1", "all": "proxy.example:2"}),
        ("", {"HTTP_PROXY": "sent.example:1", "REQUEST_METHOD": "GET"}, {}),
        ("[global]\nproxy = proxy.example:3\n", {"https_proxy": "proxy.example:1"}, {"all": "proxy.example:3"}),
    ],
)
def test_the_proxies(settle: Settle, file: str, environment: dict[str, str], proxies: dict[str, str]) -> None:
    assert settle(file, **environment).proxies == proxies


# -- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "htps://registry.example",
        "https://",
        "https://[",
        "https://x:99999/",
        "https://x:port/",
        "https://x/\x1b[2J",
        "git+https://x/",
        "ldap://x",
        "https://x y/",
    ],
)
def test_an_index_that_is_no_address(settle: Settle, url: str) -> None:
    with pytest.raises(UsageError, match="is not an address") as caught:
        settle(PIP_INDEX_URL=url)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("index-url = https://reader:s3cret@registry.example\n", 1),
        ("[global]\ns3cret\n", 2),
        (f"[global]\nindex-url = {ONE}\nindex-url = https://reader:s3cret@registry.example\n", 3),
        ("[global]\n[global]\n", 2),
    ],
)
def test_a_file_that_pip_could_not_read(settle: Settle, text: str, line: int) -> None:
    with pytest.raises(DocumentError) as caught:
        settle(text)
    assert caught.value.location is not None and caught.value.location.line == line
    assert "s3cret" not in str(caught.value)


def test_a_file_of_other_bytes_or_too_many(tmp_path: Path) -> None:
    for data in (b"[global]\nindex-url = \xff\n", b"#" * 2_000_000):
        (tmp_path / "pip.conf").write_bytes(data)
        with pytest.raises(DocumentError):
            index_urls({}, [tmp_path / "pip.conf"])


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    assert index_urls({"PIP_INDEX_URL": ONE}, [tmp_path / "absent", tmp_path]).urls == (ONE,)


def test_neither_yes_nor_no(settle: Settle) -> None:
    with pytest.raises(UsageError, match="no-index"):
        settle(PIP_NO_INDEX="perhaps")


def test_no_credentials_are_shown(settle: Settle) -> None:
    settings = settle(
        PIP_INDEX_URL="https://reader:s3cret@registry.example/simple",
        PIP_EXTRA_INDEX_URL="file://reader:s3cret@server/share",
        https_proxy="http://reader:s3cret@proxy.example:1",
    )
    assert settings.urls == ("https://reader:s3cret@registry.example/simple",)
    assert "s3cret" not in repr(settings) and "s3cret" not in str(settings)
    with pytest.raises(UsageError) as caught:
        settle(PIP_INDEX_URL="htps://reader:s3cret@registry.example/simple")
    assert "s3cret" not in str(caught.value)


# -- where the files are ------------------------------------------------------------------------------------------

PREFIX = Path("/venv")


def places(environment: dict[str, str], platform: str) -> list[str]:
    return [path.as_posix() for path in pip_config_files(environment, PREFIX, platform)]


def test_places_on_linux() -> None:
    assert places({"HOME": "/home/u"}, "linux") == [
        "/etc/xdg/pip/pip.conf",
        "/etc/pip.conf",
        "/home/u/.pip/pip.conf",
        "/home/u/.config/pip/pip.conf",
        "/venv/pip.conf",
    ]
    assert places({"HOME": "/home/u", "XDG_CONFIG_HOME": "/conf", "XDG_CONFIG_DIRS": "/a:/b"}, "linux") == [
        "/a/pip/pip.conf",
        "/b/pip/pip.conf",
        "/etc/pip.conf",
        "/home/u/.pip/pip.conf",
        "/conf/pip/pip.conf",
        "/venv/pip.conf",
    ]
    assert places({}, "linux") == ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", "/venv/pip.conf"]


def test_places_on_macos(tmp_path: Path) -> None:
    home = tmp_path.as_posix()
    system = "/Library/Application Support/pip/pip.conf"
    assert places({"HOME": home}, "darwin") == [system, f"{home}/.pip/pip.conf", f"{home}/.config/pip/pip.conf", "/venv/pip.conf"]
    (tmp_path / "Library" / "Application Support" / "pip").mkdir(parents=True)
    assert places({"HOME": home}, "darwin")[2] == f"{home}/Library/Application Support/pip/pip.conf"


def test_places_on_windows() -> None:
    environment = {"PROGRAMDATA": "C:/ProgramData", "USERPROFILE": "C:/Users/u", "APPDATA": "C:/Users/u/AppData/Roaming"}
    assert places(environment, "win32") == ["C:/ProgramData/pip/pip.ini", "C:/Users/u/pip/pip.ini", "C:/Users/u/AppData/Roaming/pip/pip.ini", "/venv/pip.ini"]


def test_a_file_that_the_environment_names(tmp_path: Path) -> None:
    """It comes last, and the user's own files are not read where it exists."""
    named = tmp_path / "my.conf"
    absent = places({"HOME": "/home/u", "PIP_CONFIG_FILE": str(named)}, "linux")
    assert absent[-1] == named.as_posix() and "/home/u/.config/pip/pip.conf" in absent
    named.write_text("", encoding="utf-8")
    assert places({"HOME": "/home/u", "PIP_CONFIG_FILE": str(named)}, "linux") == ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", "/venv/pip.conf", named.as_posix()]


@pytest.mark.parametrize(("device", "platform"), [("/dev/null", "linux"), ("nul", "win32")])
def test_no_file_at_all(device: str, platform: str) -> None:
    assert places({"HOME": "/home/u", "PIP_CONFIG_FILE": device}, platform) == []
