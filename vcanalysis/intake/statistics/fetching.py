"""Fetching a file from a public service: time-outs, limits, retries that wait, and no file half written."""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vcanalysis.core.errors import InputError

LARGEST = 200_000_000  # bytes, packed or unpacked
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})  # what may be well a moment later
_BLOCK = 1 << 16
_AGENT = "vcanalysis (council evaluation workbench)"


class _Refused(Exception):
    """An answer that will not be better a moment later."""


class _Later(Exception):
    """An answer that may be better later; `after` is how many seconds the service asked to wait."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        _must_be_safe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_SafeRedirects)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How a service is asked.

    Parameters
    ----------
    tries : int
        Attempts before giving up.
    timeout : float
        Seconds without any byte after which an attempt ends.
    wait : float
        Seconds before the second attempt; doubled each time, at most a minute, or what the service asks for.
    largest : int
        Bytes of one answer.
    sleep : callable
        What waits.
    """

    tries: int = 5
    timeout: float = 30.0
    wait: float = 1.0
    largest: int = LARGEST
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def json(self, address: str) -> Any:
        """Get an answer that must be JSON.

        Raises
        ------
        InputError
            If there is none after all attempts, or it is no JSON.
        """
        try:
            return json.loads(self._bytes(address, ("application/json", "application/problem+json")))
        except ValueError:
            raise InputError(f"{_host(address)} gave an answer that is no JSON. Try again later.") from None

    def file(
        self, address: str, to: Path, *, kinds: tuple[str, ...] = ("text/csv", "application/octet-stream")
    ) -> Path:
        """Get a file, once: one that is there already is not asked for again.

        Parameters
        ----------
        address : str
            Where it is, https (or http on this machine).
        to : Path
            Where it is put, whole or not at all.
        kinds : tuple of str
            What the service may call its content.

        Raises
        ------
        InputError
            If it is not to be had, is of another kind, too large, or ends too soon.
        """
        if to.is_file() and to.stat().st_size > 0:
            return to
        content = self._bytes(address, kinds)
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f".{to.name}.", dir=to.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.replace(part, to)
        finally:
            Path(part).unlink(missing_ok=True)
        return to

    def _bytes(self, address: str, kinds: tuple[str, ...]) -> bytes:
        _must_be_safe(address)
        said = ""
        for attempt in range(self.tries):
            try:
                return self._once(address, kinds)
            except _Later as error:
                said = str(error)
                if attempt + 1 < self.tries:
                    self.sleep(min(60.0, max(error.after, self.wait * 2**attempt)))
            except _Refused as error:
                raise InputError(f"{_host(address)} {error}.") from None
        raise InputError(
            f"{_host(address)} {said}, {self.tries} times. Try again later, or put the files there yourself."
        )

    def _once(self, address: str, kinds: tuple[str, ...]) -> bytes:
        asked = urllib.request.Request(address, headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip"})
        try:
            with _OPENER.open(asked, timeout=self.timeout) as answer:
                kind = answer.headers.get_content_type()
                if kind not in kinds:
                    raise _Refused(f"gave {kind} where {kinds[0]} was asked for; the address may have moved")
                body = self._read(answer)
                return (
                    _unpacked(body, self.largest)
                    if answer.headers.get("Content-Encoding") == "gzip"
                    else body
                )
        except urllib.error.HTTPError as error:
            if error.code in _AGAIN:
                raise _Later(f"answered {error.code}", _seconds(error.headers.get("Retry-After"))) from None
            raise _Refused(f"answered {error.code}; the address may have moved") from None
        except (OSError, http.client.HTTPException, EOFError, zlib.error) as error:
            raise _Later(f"could not be read ({type(error).__name__})") from None

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        length = answer.headers.get("Content-Length") or "0"
        if not length.isdecimal():
            raise _Later("gave no readable length")
        told = int(length)
        if told > self.largest:
            raise _Refused(f"offers {told / 1e6:,.0f} MB; at most {self.largest / 1e6:,.0f} MB are read")
        parts, size = [], 0
        while block := answer.read(_BLOCK):
            parts.append(block)
            size += len(block)
            if size > self.largest:
                raise _Refused(f"sends more than {self.largest / 1e6:,.0f} MB, which is the limit")
        if told and size < told:
            raise _Later(f"sent {size:,} of {told:,} bytes")
        return b"".join(parts)


def _unpacked(body: bytes, largest: int) -> bytes:
    """Unpack, but never more than the limit: a small answer may unpack to anything."""
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    content = unpacking.decompress(body, largest + 1)
    if len(content) > largest:
        raise _Refused(f"sends more than {largest / 1e6:,.0f} MB when unpacked, which is the limit")
    if not unpacking.eof:
        raise EOFError
    return content


def _seconds(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:  # a date
        return 0.0


def _host(address: str) -> str:
    return urlsplit(address).hostname or "The address"


def _must_be_safe(address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError:
        raise InputError(f"{address!r} is no address. Write it as https://example.org/file.csv.") from None
    if parts.scheme != "https" and not (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    ):
        raise InputError(f"{_host(address)}: only https addresses are fetched.")
