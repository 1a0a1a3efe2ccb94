"""The crate: what is published described as an RO-Crate, so that archives and search engines know what it is.

It says which files there are, which run made them, with what software, from which data and parameters.

References
----------
RO-Crate Metadata Specification 1.1 (w3id.org/ro/crate/1.1); Process Run Crate profile 0.5 (w3id.org/ro/wfrun/process).
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vcanalysis.output.run.folder import file_hash

CRATE = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_KINDS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".json": "application/json",
}


def write_crate(out: Path, about: Mapping[str, Any]) -> None:
    """Describe the files of a publish folder, last of all that is written there.

    Parameters
    ----------
    out : Path
        The `publish` folder.
    about : mapping
        The manifest: council, quarter, run, inputs, code, environment, parameters.
    """
    files = sorted(p for p in out.rglob("*") if p.is_file() and p.name != CRATE)
    text = json.dumps(crate(files, out, about), indent=1, ensure_ascii=False)
    (out / CRATE).write_text(text + "\n", encoding="utf-8")


def crate(files: list[Path], root: Path, about: Mapping[str, Any]) -> dict[str, Any]:
    """Give the description: a flat graph of entities that name each other by `@id`.

    Parameters
    ----------
    files : list of Path
        What is published.
    root : Path
        The folder it lies in.
    about : mapping
        The manifest.
    """
    told = [_file(path, root) for path in files]
    read, set_ = list(_inputs(about)), list(_parameters(about))
    made = [{"@id": file["@id"]} for file in told]
    used = [{"@id": entity["@id"]} for entity in (*read, *set_)]
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _SPECIFICATION},
            "about": {"@id": "./"},
        },
        _root(about, made),
        *told,
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"Evaluation {about['run']} of {about['quarter']}",
            "agent": {"@id": "#council"},
            "instrument": {"@id": "#software"},
            "object": used,
            "result": made,
        },
        _software(about),
        {"@id": "#council", "@type": "Organization", "name": about["council"]["name"]},
        {"@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": _RIGHTS},
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        *read,
        *set_,
    ]
    return {"@context": f"{_SPECIFICATION}/context", "@graph": graph}


_RIGHTS = "Rights rest with the council. Figures are protected by disclosure control: do not try to tell who is meant."


def _root(about: Mapping[str, Any], made: list[dict[str, str]]) -> dict[str, Any]:
    council = about["council"]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{council['label']}: evaluation of {about['quarter']}",
        "description": f"Need, cost and outcome of children in care, as published. {council['caveat']}".strip(),
        "datePublished": council["data_to"],
        "license": {"@id": "#rights"},
        "publisher": {"@id": "#council"},
        "conformsTo": {"@id": _PROFILE},
        "hasPart": made,
        "mentions": {"@id": "#run"},
    }


def _file(path: Path, root: Path) -> dict[str, Any]:
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {
        "@id": path.relative_to(root).as_posix(),
        "@type": "File",
        "name": path.name,
        "encodingFormat": kind,
        "contentSize": str(path.stat().st_size),
        "sha256": file_hash(path),
    }


def _software(about: Mapping[str, Any]) -> dict[str, Any]:
    versions = about["environment"]["versions"]
    commit = about["code"].get("commit")
    return {
        "@id": "#software",
        "@type": "SoftwareApplication",
        "name": "vcanalysis",
        "version": versions["vcanalysis"],
        "identifier": about["code"]["digest"],
        "softwareRequirements": [
            f"{name} {version}" for name, version in versions.items() if name != "vcanalysis"
        ],
        **({"softwareVersion": commit} if commit else {}),
    }


def _inputs(about: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, keyed in about["inputs"]["files"].items():
        yield {
            "@id": f"#input-{name}",
            "@type": "CreativeWork",
            "name": name,
            "description": "Not published.",
            "identifier": f"hmac-sha256 {keyed}",
        }


def _parameters(about: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for notebook, given in about["parameters"].items():
        for name, value in given.items():
            yield {
                "@id": f"#parameter-{notebook}-{name}",
                "@type": "PropertyValue",
                "name": f"{notebook}: {name}",
                "value": value,
            }
