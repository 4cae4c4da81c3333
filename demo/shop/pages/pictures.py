"""The drawn pictures, as SVG for pages and as PNG for mails."""

import re
from functools import lru_cache
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from demo.art.design import design
from demo.art.picture import picture
from demo.art.raster import png
from demo.catalogue import COUNT
from demo.shop.errors import NotFound

_NAME = re.compile(r"(\d{1,4})(?:-([1-9]))?\.(svg|png)")
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def art(request: Request) -> Response:
    """Serve `19.svg`, the variant `19-2.svg`, or either as `.png`."""
    found = _NAME.fullmatch(request.path_params["name"])
    if found is None or int(found[1]) >= COUNT:
        raise NotFound("There is no picture at this address.")
    body = _bytes(int(found[1]), int(found[2] or 0), found[3])
    tag = f'"{sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": "public, max-age=86400", "ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=_TYPES[found[3]], headers=headers)


@lru_cache(maxsize=512)
def _bytes(index: int, variant: int, extension: str) -> bytes:
    drawn = picture(design(index, variant))
    return png(drawn) if extension == "png" else drawn.encode()
