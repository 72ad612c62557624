"""Wheels made on the spot: tiny ones that nobody published, and those of installed libraries, packed again."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

CORE = ("onnxruntime", "orjson", "pydantic-core", "ml-dtypes", "numpy")
"""What a worker itself imports."""

_NOT_PACKED = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json")


def tiny_wheel(
    folder: Path, name: str, version: str, files: Mapping[str, str], requires: Iterable[str] = (), python: str = ""
) -> Path:
    """Write a wheel of pure Python; `files` are texts by path."""
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    metadata += [f"Requires-Python: {python}"] if python else []
    stem = f"{name.replace('-', '_')}-{version}"
    info = {
        "METADATA": "\n".join([*metadata, ""]),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents = {path: text.encode() for path, text in files.items()}
    contents |= {f"{stem}.dist-info/{path}": text.encode() for path, text in info.items()}
    return _write(folder / f"{stem}-py3-none-any.whl", stem, contents)


def made_up_wheel(folder: Path) -> Path:
    """Write a wheel with code that Python runs at start, which must run confined or not at all."""
    pth = "import os, sys; sys.made_up = [*getattr(sys, 'made_up', ()), os.environ.get('TMPDIR')]\n"
    return tiny_wheel(folder, "made-up", "1.0", {"made_up/__init__.py": "ANSWER = 42\n", "made_up.pth": pth})


def tiny_sdist(folder: Path, name: str, version: str, setup: str) -> Path:
    """Write a source distribution whose building runs `setup`."""
    path = folder / f"{name}-{version}.tar.gz"
    texts = {"setup.py": setup, "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}
    with tarfile.open(path, "w:gz") as archive:
        for file, text in texts.items():
            member = tarfile.TarInfo(f"{name}-{version}/{file}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def installed_wheels(folder: Path, names: Iterable[str]) -> None:
    """Pack installed libraries, and what they need, as the wheels that they came from; nothing is compressed."""
    waiting, packed = list(names), set()
    while waiting:
        found = distribution(waiting.pop())
        if found.name.lower() in packed:
            continue
        packed.add(found.name.lower())
        _pack(folder, found)
        for text in found.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)


def _pack(folder: Path, found: Distribution) -> None:
    contents = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in found.files or ()
        if ".." not in file.parts and "__pycache__" not in file.parts and file.name not in _NOT_PACKED
    }
    [info] = {path.split("/")[0] for path in contents if ".dist-info/" in path}
    wheel = contents[f"{info}/WHEEL"].decode()
    tags = [line.removeprefix("Tag: ").split("-") for line in wheel.splitlines() if line.startswith("Tag: ")]
    tag = "-".join(".".join(sorted(set(kind))) for kind in zip(*tags, strict=True))
    stem = info.removesuffix(".dist-info")
    _write(folder / f"{stem}-{tag}.whl", stem, contents)


def _write(path: Path, stem: str, contents: Mapping[str, bytes]) -> Path:
    record = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in contents.items()]
    record.append(f"{stem}.dist-info/RECORD,,")
    with ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        archive.writestr(f"{stem}.dist-info/RECORD", "\n".join([*record, ""]))
    return path


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
