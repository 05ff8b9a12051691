"""Addresses that an index's settings, pages and redirects name: joined, compared, and shown without what is secret in them."""

from base64 import b64encode
from urllib.parse import unquote, urljoin, urlsplit

from licet.visible import clip


def joined(base: str, target: str) -> str:
    """The address that a page or a redirect names, without credentials and fragment; empty where it is none of http."""
    try:
        url = without_credentials(urljoin(base, target))
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else ""
    except ValueError:
        return ""


def gives_up_encryption(base: str, target: str) -> bool:
    return base.startswith("https:") and not target.startswith("https:")


def without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def without_query(url: str) -> str:
    """As it may be shown and kept: a query can be a signature."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def authorization(url: str) -> str:
    """The value of the header for the credentials in an address; empty where it has none."""
    credentials, at, _ = urlsplit(url).netloc.rpartition("@")
    if not at:
        return ""
    user, _, password = credentials.partition(":")
    return "Basic " + b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()


def origin(url: str) -> str:
    """Scheme, host and port: whom credentials are for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or {'http': 80, 'https': 443}.get(parts.scheme)}"


def host(url: str) -> str:
    """For messages."""
    return clip(urlsplit(url).netloc.rpartition("@")[2], 100)
