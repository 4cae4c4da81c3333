"""What answers for one store: a version of the models and the shelf over the catalog, refreshed in the background."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from core.db import Database
from personalization.recommendations import history
from personalization.recommendations.memory import Memory
from personalization.recommendations.recommenders.base import Model
from personalization.recommendations.shelf import Shelf
from personalization.recommendations.storage import DamagedModel, ModelSet, current_version, load_set

_logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class StoreState:
    """One model version (empty before the first training) over one shelf whose first `model_size` products are the model's."""

    version: str = ""
    models: Mapping[str, Model] = field(default_factory=dict)
    model_size: int = 0
    shelf: Shelf = field(default_factory=Shelf)
    catalog_position: int = -1
    megabytes: float = 0.0
    memory: Memory = field(default_factory=Memory)

    def take_in_products(self, database: Database, store_id: int) -> int:
        """Put what changed in the catalog since the last time on the shelf; how many products that were."""
        with database.read() as session:
            changed = history.products_after(session, store_id, self.catalog_position)
        if changed:
            self.shelf.put(changed)
            self.catalog_position = max(product.position for product in changed)
        return len(changed)


def load_state(database: Database, root: Path, store_id: int) -> StoreState:
    """The current version over a fresh shelf; a damaged model is reported and the store answers without one."""
    found = _current(root)
    if found is None:
        state = StoreState()
    else:
        shelf = Shelf(found.product_ids, found.titles)
        state = StoreState(found.manifest.version, found.models, len(found.product_ids), shelf)
        state.megabytes = round(sum(path.stat().st_size for path in (root / state.version).rglob("*.npy")) / 1e6, 1)
    state.take_in_products(database, store_id)
    return state


def _current(root: Path) -> ModelSet | None:
    version = current_version(root)
    if version is None:
        return None
    try:
        return load_set(root, version)
    except (DamagedModel, OSError, ValueError) as error:
        _logger.error("model not loaded", version=version, error=str(error))
        return None
