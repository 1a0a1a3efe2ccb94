"""Archives: office files are zips, whose entries carry the time of the clock unless it is taken out."""

from __future__ import annotations

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name


def settled(content: bytes) -> bytes:
    """Write an archive again with entries in their order, without the time of the clock.

    Examples
    --------
    >>> target = io.BytesIO()
    >>> with zipfile.ZipFile(target, "w") as archive:
    ...     archive.writestr("a.xml", "<a/>")
    >>> zipfile.ZipFile(io.BytesIO(settled(target.getvalue()))).infolist()[0].date_time
    (1980, 1, 1, 0, 0, 0)
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(info, old.read(entry.filename))
    return target.getvalue()
