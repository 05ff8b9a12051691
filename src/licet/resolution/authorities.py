"""Whose certificates are trusted: the authorities that the platform trusts."""

import ssl
import sys

import truststore


def of_openssl() -> ssl.SSLContext | None:
    """OpenSSL's own files, which are the platform's but on Windows and macOS; None there, and where it has none.

    truststore would read them anew for each connection, which takes 40 ms, and lets one handshake at a time pass through a context.
    """
    if sys.platform in ("win32", "darwin"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context if context.cert_store_stats()["x509_ca"] else None


def of_platform() -> ssl.SSLContext:
    """Those that the platform answers for, asked anew for each connection."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
