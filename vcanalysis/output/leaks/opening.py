"""Opening a file down to its last byte: parts of archives, encoded pictures, notebooks, metadata, streams."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from vcanalysis.output.leaks import pictures
from vcanalysis.output.leaks.drawings import ONE_EACH
from vcanalysis.output.leaks.written import of_notebook, of_results
from vcanalysis.output.star.columns import STAR

_DEEP = 5  # of files within files
_MOST = 200_000_000  # bytes unpacked of one file
_BASE64 = re.compile(r"(?<![\w+/-])[\w+/-]{40,}={0,2}", re.A)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
_MAKER = re.compile(r"Software\x00+(?:Matplotlib version|vcanalysis)[^\x00]*$|(?:Title|Description)\x00")
_ROWS = "rows of a data file"
_UNREADABLE = {
    b"SQLite format 3": _ROWS,
    b"\x80\x04\x95": "a stored object of Python",
    b"\x80\x05\x95": "a stored object of Python",
    b"\xd0\xcf\x11\xe0": "an old or locked office file",
    b"7z\xbc\xaf": "content that cannot be read",
    b"Rar!": "content that cannot be read",
}

_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.S)
_COMMENT = re.compile(rb"(?m)^%.*$")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file: where it is, its text, whether its form says anything, and what is wrong with it as such."""

    name: str
    text: str
    plain: bool = True
    wrong: str = ""


def parts(name: str, content: bytes, *, deep: int = 0) -> Iterator[Part]:
    """Give every piece of a file, unpacked and decoded.

    Parameters
    ----------
    name : str
        Where the file lies.
    content : bytes
        All of it.
    deep : int
        In how many files it lies.

    Examples
    --------
    >>> [part.text for part in parts("a.txt", b"one &amp; two")]
    ['one &amp; two', 'one & two']
    """
    if deep > _DEEP:
        yield Part(name, "", wrong="files packed too deep to look into")
        return
    unreadable = next((say for start, say in _UNREADABLE.items() if content.startswith(start)), "")
    if unreadable:
        yield Part(name, "", wrong=unreadable)
    elif content.startswith(b"PAR1"):
        yield from _parquet(name, content, deep)
    elif b"PK\x03\x04" in content[:4] or content.startswith(b"PK\x05\x06"):
        yield from _archive(name, content, deep)
    elif content.startswith(b"\x1f\x8b"):
        yield from _packed(name, content, deep)
    elif content.startswith(b"\x89PNG"):
        yield from _png(name, content)
    elif content.startswith(b"\xff\xd8\xff"):
        yield from _jpeg(name, content)
    elif content.startswith(b"%PDF"):
        yield from _pdf(name, content)
    else:
        yield from _text(name, content, deep)


def _parquet(name: str, content: bytes, deep: int) -> Iterator[Part]:
    """Read the tables that are made for colleagues as the text they hold; rows of anything else are refused."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError):
        yield Part(name, "", wrong=_ROWS)
        return
    if tuple(table.column_names) not in {tuple(c.name for c in columns) for columns in STAR.values()}:
        yield Part(name, "", wrong=_ROWS)
        return
    if table.schema.metadata:
        yield Part(name, " ".join(map(_decoded, [*table.schema.metadata, *table.schema.metadata.values()])))
    yield from _text(name, table.to_pandas().to_csv(index=False).encode(), deep)


def _archive(name: str, content: bytes, deep: int) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(e.file_size for e in entries) > _MOST:
                yield Part(name, "", wrong="more than can be looked through")
                return
            if archive.comment:
                yield from _text(f"{name}, comment", archive.comment, deep)
            unpacked = [(e.filename, archive.read(e)) for e in entries if not e.is_dir()]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, OSError):
        yield Part(name, "", wrong="content that cannot be read")
        return
    for inner, piece in unpacked:
        yield from parts(f"{name}, {inner}", piece, deep=deep + 1)
    if any(inner == "xl/workbook.xml" for inner, _ in unpacked):
        yield from _sheets(name, content)


def _sheets(name: str, content: bytes) -> Iterator[Part]:
    """Give the sheets of a workbook as the rows they show."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, TypeError):
        yield Part(name, "", wrong="content that cannot be read")
        return
    for sheet in book.worksheets:
        rows = (
            "\t".join("" if v is None else str(v) for v in row) for row in sheet.iter_rows(values_only=True)
        )
        yield Part(f"{name}, {sheet.title}", "\n".join(rows))


def _packed(name: str, content: bytes, deep: int) -> Iterator[Part]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            inner = file.read(_MOST)
    except (OSError, EOFError, zlib.error):
        yield Part(name, "", wrong="content that cannot be read")
        return
    yield from parts(f"{name}, unpacked", inner, deep=deep + 1)


def _png(name: str, content: bytes) -> Iterator[Part]:
    at = 8
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + size]
        if kind in _CHUNKS:
            said = _chunk_text(kind, body)
            yield Part(name, said)
            if not _MAKER.match(said):
                yield Part(name, "", wrong="metadata of a picture")
        elif kind == b"eXIf":
            yield Part(name, "", wrong="metadata of a picture")
        at += 12 + size
        if kind == b"IEND":
            break
    if content[at:].strip(b"\0\r\n "):
        yield Part(name, content[at:].decode("latin-1"), wrong="bytes behind the end of a picture")
    yield from _marks(name, content, "png")


def _marks(name: str, content: bytes, kind: str) -> Iterator[Part]:
    one_each = pictures.one_each(content, kind)
    yield Part(name, content.decode("latin-1"), plain=False, wrong=ONE_EACH if one_each else "")


def _chunk_text(kind: bytes, body: bytes) -> str:
    if kind == b"zTXt":
        key, _, packed = body.partition(b"\0")
        return f"{key.decode('latin-1')}\0{_inflated(packed[1:]).decode('latin-1')}"
    if kind == b"iTXt" and body.partition(b"\0")[2][:1] == b"\1":
        key, _, rest = body.partition(b"\0")
        return f"{key.decode('latin-1')}\0{_inflated(rest[2:].split(bytes(1), 2)[-1]).decode('utf-8', 'replace')}"
    return body.decode("utf-8", "replace")


def _jpeg(name: str, content: bytes) -> Iterator[Part]:
    if re.search(rb"Exif\0\0|http://ns\.adobe\.com|Photoshop 3\.0|\xff\xfe", content[:100_000]):
        yield Part(name, "", wrong="metadata of a picture")
    yield from _marks(name, content, "jpg")


def _pdf(name: str, content: bytes) -> Iterator[Part]:
    from vcanalysis.output.leaks.printed import said_and_wrong  # its library is loaded for a PDF alone

    yield Part(name, content.decode("latin-1"), plain=False)
    yield Part(name, _beside(content))
    for said, wrong in said_and_wrong(content):
        yield Part(name, said, wrong=wrong)


def _beside(content: bytes) -> str:
    """Give what is written beside the objects of a PDF: comments, and whatever follows its end."""
    outside = _STREAM.sub(b"", content)
    notes = [line for line in _COMMENT.findall(outside) if not line.startswith((b"%PDF-", b"%%EOF"))]
    return b"\n".join([*notes, content.rpartition(b"%%EOF")[2]]).decode("latin-1")


def _readable(content: bytes) -> bool:
    return sum(32 <= b < 127 or b in (9, 10, 13) for b in content) > 0.8 * len(content)


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MOST)
    except zlib.error:
        return b""


def _text(name: str, content: bytes, deep: int) -> Iterator[Part]:
    text = _decoded(content)
    yield Part(name, text)
    for plainer in (html.unescape(text), unquote(text) if "%" in text else text):
        if plainer != text:
            yield Part(name, plainer)
    if text.lstrip()[:1] in ("{", "["):
        yield from _json(name, text)
    for match in _BASE64.finditer(re.sub(r"\\n|\s(?=[A-Za-z0-9+/]{60})", "", text)):
        inner = _from_base64(match[0])
        if inner:
            yield from parts(f"{name}, encoded", inner, deep=deep + 1)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if content[1:2] == b"\0" and content[3:4] == b"\0":
        return content.decode("utf-16-le", "replace")
    return content.decode("utf-8-sig", "replace")


def _json(name: str, text: str) -> Iterator[Part]:
    try:
        tree = json.loads(text)
    except ValueError:
        return
    # written again: what was escaped can be read now
    yield Part(name, json.dumps(tree, ensure_ascii=False))
    strings = "\n".join(_strings(tree))
    yield Part(name, strings)
    if isinstance(tree, dict) and "cells" in tree and "nbformat" in tree:
        yield from (Part(name, "", wrong=wrong) for wrong in of_notebook(tree))
    yield from (Part(name, "", wrong=wrong) for wrong in dict.fromkeys(of_results(tree)))


def _strings(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _strings(value)
    elif isinstance(tree, str):
        yield tree


def _from_base64(text: str) -> bytes:
    """Decode base64, either alphabet, or hexadecimal digits; nothing where no file or words come out."""
    try:
        if _HEX.fullmatch(text):
            found = bytes.fromhex(text)
        else:
            found = base64.b64decode(
                text[: len(text) // 4 * 4].replace("-", "+").replace("_", "/"), validate=True
            )
    except (binascii.Error, ValueError):
        return b""
    known = found.startswith(
        (b"PK", b"\x89PNG", b"%PDF", b"\x1f\x8b", b"\xff\xd8\xff", b"PAR1", *_UNREADABLE)
    )
    return found if known or _readable(found) else b""
