"""A picture as PNG, for mail programs, which do not show SVG. Drawn by resvg."""

import resvg_py

# Mails and widgets show a product at up to 240 px; twice that stays sharp on a dense screen.
WIDTH = 480


def png(svg: str, width: int = WIDTH) -> bytes:
    """Render an SVG document to PNG bytes, `width` pixels wide."""
    return resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True)
