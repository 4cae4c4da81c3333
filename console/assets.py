"""Static files: read once, bundled, compressed, and served under names that carry their content's hash.

A page asks for two bundles and the icon sprite. Because the name changes with the content, a browser may keep a file
for a year; because nothing is written at build time, an edited file is served after a restart.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent / "static"
_A_YEAR = "public, max-age=31536000, immutable"

# The order is the order of the cascade: Pico, uPlot, tokens, then ours; narrow screens and print come last.
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "console.css": (
        "vendor/pico.min.css",
        "vendor/uPlot.min.css",
        "tokens.css",
        "css/base.css",
        "css/frame.css",
        "css/controls.css",
        "css/cards.css",
        "css/charts.css",
        "css/tables.css",
        "css/lists.css",
        "css/forms.css",
        "css/sentence.css",
        "css/states.css",
        "css/areas.css",
        "css/narrow.css",
        "css/print.css",
    ),
    "console.js": (
        "vendor/htmx.min.js",
        "vendor/uPlot.iife.min.js",
        "js/charts.js",
        "js/keyboard.js",
        "js/behaviour.js",
    ),
    "icons.svg": ("icons.svg",),
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One served file: its content, the same gzipped, its media type, and the name that carries the hash."""

    content: bytes
    compressed: bytes
    media_type: str
    hashed_name: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every bundle by its plain name ("console.css")."""
    return {name: _asset(name, parts) for name, parts in BUNDLES.items()}


@cache
def _by_hashed_name() -> Mapping[str, Asset]:
    return {asset.hashed_name: asset for asset in assets().values()}


def serve(request: Request) -> Response:
    """Answer `/static/{name}`; only names with a current hash exist."""
    asset = _by_hashed_name().get(request.path_params["name"])
    if asset is None:
        return Response(status_code=404)
    headers = {"Cache-Control": _A_YEAR, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def _asset(name: str, parts: tuple[str, ...]) -> Asset:
    suffix = Path(name).suffix
    separator = b";\n" if suffix == ".js" else b"\n"
    content = separator.join(_content(part) for part in parts)
    digest = hashlib.sha256(content).hexdigest()[:12]
    compressed = gzip.compress(content, 9, mtime=0)
    return Asset(content, compressed, _TYPES[suffix], f"{Path(name).stem}-{digest}{suffix}")


def _content(part: str) -> bytes:
    """A file as it is sent: own stylesheets lose comments and indentation, vendored files keep every byte."""
    text = (_FOLDER / part).read_text(encoding="utf-8")
    if part.endswith(".css") and not part.startswith("vendor/"):
        text = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return text.encode()
