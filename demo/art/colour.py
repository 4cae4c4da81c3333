"""OKLCH colours as `#rrggbb`, and the words a shopper would use for them.

The conversion is Björn Ottosson's OKLab (https://bottosson.github.io/posts/oklab/); equal steps of its lightness are what
makes three hundred pictures look as if one hand had drawn them.
"""

from math import cos, radians, sin

_LIGHT_FROM = 0.58

# Upper bound of the OKLCH hue in degrees, the word for a light shade, the word for a deep one, and the family of both.
_SHADES = (
    (12, "rose", "plum", "pink"),
    (35, "coral", "brick", "red"),
    (65, "apricot", "bark", "orange"),
    (100, "honey", "bronze", "yellow"),
    (130, "straw", "olive", "yellow"),
    (165, "fern", "pine", "green"),
    (190, "mint", "lagoon", "green"),
    (215, "aqua", "petrol", "blue"),
    (240, "sky", "harbour blue", "blue"),
    (275, "cornflower", "ink blue", "blue"),
    (305, "lilac", "violet", "purple"),
    (334, "orchid", "aubergine", "purple"),
    (360, "rose", "plum", "pink"),
)


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return `#rrggbb` for a lightness of 0 to 1, a chroma and a hue in degrees, clipped to sRGB."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return "#" + "".join(f"{_encoded(channel):02x}" for channel in (red, green, blue))


def shade(lightness: float, hue: float) -> str:
    """Return the shop's word for a colour, such as "harbour blue"."""
    light, deep, _ = _row(hue)
    return light if lightness > _LIGHT_FROM else deep


def family(hue: float) -> str:
    """Return the plain word for a hue, such as "blue"."""
    return _row(hue)[2]


def _row(hue: float) -> tuple[str, str, str]:
    return next((light, deep, plain) for bound, light, deep, plain in _SHADES if hue <= bound)


def _encoded(linear: float) -> int:
    clipped = min(1.0, max(0.0, linear))
    value = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return round(value * 255)
