"""Every kind by its name."""

from collections.abc import Callable

from demo.art.jitter import Jitter
from demo.art.kinds.containers import bottle, candle, jar, pouch, tin
from demo.art.kinds.pots import kettle, teapot
from demo.art.kinds.rooms import board, cushion, lamp, plant, towel
from demo.art.kinds.vessels import bowl, mug, plate, vase
from demo.art.outline import Form
from demo.art.palette import Palette

DRAWN: dict[str, Callable[[Jitter, Palette], Form]] = {
    "mug": mug,
    "pouch": pouch,
    "vase": vase,
    "kettle": kettle,
    "bowl": bowl,
    "candle": candle,
    "plant": plant,
    "jar": jar,
    "teapot": teapot,
    "towel": towel,
    "lamp": lamp,
    "bottle": bottle,
    "tin": tin,
    "plate": plate,
    "board": board,
    "cushion": cushion,
}
