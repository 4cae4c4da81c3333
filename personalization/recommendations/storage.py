"""Models as files: one `.npy` per array, memory-mapped when read, beside a manifest with version and checksums.

REGULARS_HOME/models/<store>/<version>/manifest.json, products.json, <model>/<array>.npy
REGULARS_HOME/models/<store>/current            the name of the version that answers
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from core.clock import Instant
from personalization.recommendations.arrays import AnyArray
from personalization.recommendations.products import Products
from personalization.recommendations.recommenders.base import Model
from personalization.recommendations.recommenders.registry import RECOMMENDERS

FORMAT = 1


class DamagedModel(ValueError):
    """A file of a model is not what its manifest says."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The model file {path} does not match its checksum; train again.")


class ForeignModel(ValueError):
    """Another release of the program wrote the model."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The model {name} has settings or arrays that this release does not know; train again.")


class ArrayEntry(msgspec.Struct, frozen=True):
    """One file of a model."""

    file: str
    checksum: str


class ModelEntry(msgspec.Struct, frozen=True):
    """A model in the manifest: its settings and the file of each array."""

    settings: dict[str, Any]
    arrays: dict[str, ArrayEntry]


class Manifest(msgspec.Struct, frozen=True):
    """What a version is made of and what it was measured at."""

    version: str
    store_id: int
    created_at: Instant
    data_until: Instant
    log_position: int
    data_checksum: str
    models: dict[str, ModelEntry]
    measured: dict[str, dict[str, float]] = {}
    format: int = FORMAT


class ModelSet(msgspec.Struct, frozen=True):
    """A version in memory: models by name over one vocabulary of product ids."""

    manifest: Manifest
    product_ids: tuple[str, ...]
    titles: tuple[str, ...]
    models: dict[str, Any]


def save_model(model: Model, folder: Path) -> ModelEntry:
    """Write the arrays of a model into the folder and say what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {}
    for name, array in _arrays(model).items():
        path = folder / f"{name}.npy"
        np.save(path, array)
        arrays[name] = ArrayEntry(f"{folder.name}/{name}.npy", _checksum(path))
    return ModelEntry(asdict(model.recommender), arrays)  # type: ignore[attr-defined]


def load_model(name: str, entry: ModelEntry, base: Path) -> Model:
    """The model of an entry whose files lie below `base`; raises DamagedModel when a checksum differs, ForeignModel."""
    try:
        recommender = RECOMMENDERS[name](**entry.settings)
    except (KeyError, TypeError) as error:
        raise ForeignModel(name) from error
    arrays: dict[str, AnyArray] = {}
    for field, array in entry.arrays.items():
        path = base / array.file
        if _checksum(path) != array.checksum:
            raise DamagedModel(path)
        arrays[field] = _mapped(path)
    try:
        return recommender.model(recommender=recommender, **arrays)  # type: ignore[no-any-return]
    except TypeError as error:
        raise ForeignModel(name) from error


def save_set(
    root: Path,
    *,
    models: Mapping[str, Model],
    products: Products,
    version: str,
    store_id: int,
    created_at: Instant,
    data_until: Instant,
    log_position: int,
    data_checksum: str,
    measured: dict[str, dict[str, float]],
) -> Manifest:
    """Write a whole version below `root`; nothing answers from it before `make_current`."""
    folder = root / version
    folder.mkdir(parents=True, exist_ok=True)
    entries = {name: save_model(model, folder / name) for name, model in models.items()}
    manifest = Manifest(version, store_id, created_at, data_until, log_position, data_checksum, entries, measured)
    (folder / "products.json").write_bytes(msgspec.json.encode((products.ids, products.titles)))
    (folder / "manifest.json").write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


def load_set(root: Path, version: str) -> ModelSet:
    """The models of a version; one that another release of the program wrote in another way is left out until the next training."""
    folder = root / version
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    names = tuple[tuple[str, ...], tuple[str, ...]]
    product_ids, titles = msgspec.json.decode((folder / "products.json").read_bytes(), type=names)
    models = {}
    for name, entry in manifest.models.items():
        with suppress(ForeignModel):
            models[name] = load_model(name, entry, folder)
    return ModelSet(manifest, product_ids, titles, models)


def current_version(root: Path) -> str | None:
    """The version that answers, None before the first training."""
    try:
        return (root / "current").read_text().strip() or None
    except FileNotFoundError:
        return None


def newest_manifest(root: Path) -> Manifest | None:
    """The manifest of the newest version that was written, current or not; versions sort by time."""
    folders = sorted(path for path in root.glob("*/manifest.json")) if root.exists() else []
    return msgspec.json.decode(folders[-1].read_bytes(), type=Manifest) if folders else None


def make_current(root: Path, version: str, keep: int = 3) -> None:
    """Let this version answer from now on, by one rename; older versions beyond `keep` are removed."""
    pointer = root / "current.new"
    with pointer.open("w") as file:
        file.write(version)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(root / "current")
    versions = sorted(path for path in root.iterdir() if path.is_dir())
    for old in versions[:-keep]:
        if old.name != version:
            shutil.rmtree(old, ignore_errors=True)


def _arrays(model: Model) -> dict[str, AnyArray]:
    values = {field.name: getattr(model, field.name) for field in fields(model)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def _mapped(path: Path) -> AnyArray:
    # An empty array cannot be mapped and a small one is not worth a page. asarray drops the memmap class, whose slicing is slow.
    small = path.stat().st_size <= 4096
    return np.asarray(np.load(path, mmap_mode=None if small else "r"))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
