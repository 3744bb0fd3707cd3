"""Builds the wheel and the source distribution (PEP 517) with the standard library alone, so that no index is needed.

The same sources give the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENSE = "LICENSE"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time in a zip file."""


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None) -> str:
    """Writes the wheel into a folder and returns its file name."""
    name = f"{_stem()}-py3-none-any.whl"
    info = f"{_stem()}.dist-info"
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in _package_files()}
    files[f"{info}/METADATA"] = _metadata().encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: wheel_backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/{LICENSE}"] = _license().read_bytes()
    record = f"{info}/RECORD"
    rows = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in files.items()]
    files[record] = "\n".join([*rows, f"{record},,", ""]).encode()
    with zipfile.ZipFile(Path(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return name


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """Writes the source distribution into a folder and returns its file name."""
    name = f"{_stem()}.tar.gz"
    paths = [ROOT / "pyproject.toml", ROOT / "README.md", Path(__file__).resolve(), *_package_files()]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    files[LICENSE] = _license().read_bytes()
    files["PKG-INFO"] = _metadata().encode()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, data in sorted(files.items()):
            entry = tarfile.TarInfo(f"{_stem()}/{path}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    Path(sdist_directory, name).write_bytes(gzip.compress(tar.getvalue(), mtime=0))
    return name


def _project() -> dict[str, str]:
    project: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def _version() -> str:
    text = (ROOT / "podman_api/generated/version.py").read_text()
    match = re.search(r'^VERSION = "(.+)"$', text, re.MULTILINE)
    if match is None:
        raise RuntimeError('podman_api/generated/version.py has no VERSION: run "npm run openapi".')
    return match[1]


def _stem() -> str:
    return f"{_project()['name'].replace('-', '_')}-{_version()}"


def _metadata() -> str:
    project = _project()
    fields = {
        "Metadata-Version": "2.1",
        "Name": project["name"],
        "Version": _version(),
        "Summary": project["description"],
        "License": "MIT",
        "Requires-Python": project["requires-python"],
        "Description-Content-Type": "text/markdown",
    }
    header = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"{header}\n{(ROOT / 'README.md').read_text()}"


def _package_files() -> list[Path]:
    return sorted(path for path in (ROOT / "podman_api").rglob("*") if path.suffix == ".py" or path.name == "py.typed")


def _license() -> Path:
    """Returns the path of the license: beside pyproject.toml in a source distribution, else at the root of the repository."""
    own = ROOT / LICENSE
    return own if own.exists() else ROOT.parent.parent / LICENSE


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    print(build_wheel(folder))
    print(build_sdist(folder))
