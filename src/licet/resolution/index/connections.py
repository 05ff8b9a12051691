"""Pooled connections to package indexes: through which proxy, trusting whom, and never waiting long for the head of an answer."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # undocumented, but requests and so pip use it

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from licet.resolution.authorities import of_openssl, of_platform
from licet.resolution.index.addresses import authorization, without_credentials
from licet.resolution.index.problem import IndexProblem
from licet.visible import clip

_HOSTS: Final = 16
"""Hosts to which connections are kept."""


class Connections:
    """Shared by all threads: `slots` to each host. `cert` is a file or folder of authorities to trust in place of the platform's.

    `proxies` maps "http", "https" and "all" to addresses, "no" to hosts that need none.
    """

    def __init__(self, slots: int, cert: str, proxies: Mapping[str, str]) -> None:
        self._slots = slots
        self._cert = cert
        self._proxies = dict(proxies)
        self._lock = threading.Lock()
        self._managers: dict[str, PoolManager] = {}

    def close(self) -> None:
        with self._lock:
            for manager in self._managers.values():
                manager.clear()

    def to(self, url: str) -> PoolManager:
        """What asks for an address. Raises IndexProblem where the authorities to trust cannot be read."""
        proxy = self._proxy_for(url)
        with self._lock:
            if proxy not in self._managers:
                self._managers[proxy] = self._manager(proxy)
            return self._managers[proxy]

    def _proxy_for(self, url: str) -> str:
        parts = urlsplit(url)
        if proxy_bypass_environment(parts.netloc, {"no": self._proxies.get("no", "")}):
            return ""
        proxy = self._proxies.get(parts.scheme) or self._proxies.get("all") or ""
        return proxy if "://" in proxy or not proxy else f"http://{proxy}"

    def _manager(self, proxy: str) -> PoolManager:
        options: dict[str, Any] = {"num_pools": _HOSTS, "maxsize": self._slots, "block": True, "ssl_context": self._trust}
        if proxy:
            credentials = authorization(proxy)
            options["proxy_headers"] = {"proxy-authorization": credentials} if credentials else None
            options["proxy_ssl_context"] = self._trust or of_platform()
        manager = ProxyManager(without_credentials(proxy), **options) if proxy else PoolManager(**options)
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
        return manager

    @cached_property
    def _trust(self) -> ssl.SSLContext | None:
        """The authorities to trust; None: those that the platform answers for, whom each connection asks itself."""
        if self._cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            try:
                context.load_verify_locations(**{"capath" if Path(self._cert).is_dir() else "cafile": self._cert})
            except OSError as error:
                why = f"{clip(self._cert)}: the certificates to trust cannot be read"
                raise IndexProblem("unreachable", why, "name a PEM file as cert in pip's configuration, or none") from error
            return context
        return of_openssl()


class _Impatient(HTTPConnection):
    """Cut where the head of an answer takes too long: a socket's timeout is for each byte anew."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        is_cut = threading.Event()
        timer = threading.Timer(2 * float(self.timeout or 0), self._cut, (is_cut,))
        timer.daemon = True
        timer.start()
        try:
            response = super().getresponse()
        finally:
            timer.cancel()
        if is_cut.is_set():  # a head that breaks off passes for a whole one
            raise TimeoutError
        return response

    def _cut(self, is_cut: threading.Event) -> None:
        is_cut.set()
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _Encrypted(_Impatient, HTTPSConnection):
    def connect(self) -> None:
        if self.ssl_context is None:
            # One for each connection, as truststore lets only one handshake at a time pass through each.
            self.ssl_context = of_platform()
        super().connect()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Impatient


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted
