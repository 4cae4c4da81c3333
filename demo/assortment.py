"""What Kettle Lane sells, kind by kind: its shelf, its price range, whether it is used up, and what is said about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Assortment:
    """The facts that all products of one kind share.

    `shelves` are taken in turn by row; a price lies between `lowest` and `highest` (whole euros); `lasts_days` is how long
    one pack of each size in `sizes` usually lasts, empty for what is not used up.
    """

    group: str
    shelves: tuple[str, ...]
    nouns: tuple[str, ...]
    lowest: int
    highest: int
    texts: tuple[str, ...]
    sizes: tuple[str, ...] = ()
    lasts_days: tuple[int, ...] = ()
    perishable: bool = False
    colours: int = 1


GROUPS = ("Coffee", "Kettles & pots", "Tableware", "Textiles", "Plants", "Pantry", "Light")

ASSORTMENT: dict[str, Assortment] = {
    "mug": Assortment(
        "Tableware",
        ("Mugs",),
        ("mug",),
        12,
        22,
        (
            "Stoneware for one honest cup. It keeps warm for as long as a conversation takes.",
            "Thrown by hand and a little wider at the top, so that two fingers fit through the handle.",
            "Dishwasher safe, microwave safe, and heavy enough to stay where you put it.",
        ),
        colours=3,
    ),
    "pouch": Assortment(
        "Coffee",
        ("Ground coffee", "Beans", "Beans", "Decaf"),
        ("beans",),
        8,
        12,
        (
            "Roasted on Mondays, in the post on Tuesdays. Chocolate first, then something like an apricot.",
            "A medium roast that forgives a hurried pour. Good black, good with milk.",
            "From one farm and one harvest. Tastes of caramel and, on quiet mornings, of bergamot.",
        ),
        sizes=("250 g", "500 g", "1 kg"),
        lasts_days=(18, 35, 68),
        perishable=True,
    ),
    "vase": Assortment(
        "Plants",
        ("Vases",),
        ("vase",),
        24,
        46,
        (
            "Narrow at the neck, so that three stems already look like a bunch. Flowers not included.",
            "Glazed inside as well, therefore actually watertight.",
            "Made for what you find on a walk: two twigs and a dandelion are enough.",
        ),
        colours=3,
    ),
    "kettle": Assortment(
        "Kettles & pots",
        ("Kettles",),
        ("moka kettle", "stove kettle", "pouring kettle"),
        39,
        68,
        (
            "Enamelled steel with a beech handle. It pours slowly on purpose: made for coffee, patient with tea.",
            "A litre and a bit, for gas, induction and whatever your grandmother has. The handle stays cool.",
            "It does not whistle. You notice when it is done because you were standing next to it anyway.",
        ),
        colours=3,
    ),
    "bowl": Assortment(
        "Tableware",
        ("Bowls",),
        ("breakfast bowl", "soup bowl", "bowl"),
        13,
        26,
        (
            "Deep enough for porridge with opinions, wide enough for a salad without any.",
            "Stands on a small foot, so that the table stays cool and the soup stays warm.",
            "Fits into its brothers: six of them take the room of two.",
        ),
        colours=3,
    ),
    "candle": Assortment(
        "Light",
        ("Candles",),
        ("candle",),
        11,
        19,
        (
            "Rapeseed wax and a cotton wick. It burns for about thirty hours, most of them in the evening.",
            "Smells of what it says, and only when you are in the same room.",
            "When it is finished, the vessel holds pencils very well.",
        ),
        sizes=("30 hours",),
        lasts_days=(45,),
    ),
    "plant": Assortment(
        "Plants",
        ("House plants",),
        ("plant",),
        14,
        32,
        (
            "Content with a north window. Water it when you remember, forgive it when it leans.",
            "It comes in the pot of the picture and with a card that says what it likes.",
            "Slow, but it means well. A new leaf about every three weeks.",
        ),
    ),
    "jar": Assortment(
        "Pantry",
        ("Jams & honey",),
        ("jar",),
        5,
        9,
        (
            "Cooked in small pots, with less sugar than you fear and more fruit than you expect.",
            "For bread, porridge and, let us be frank, for the spoon.",
            "From people whose names we know. The jar is welcome back.",
        ),
        sizes=("280 g",),
        lasts_days=(42,),
        perishable=True,
    ),
    "teapot": Assortment(
        "Kettles & pots",
        ("Teapots",),
        ("teapot",),
        32,
        54,
        (
            "Three cups, or two and a refill. The lid stays on when you pour.",
            "With a steel strainer inside. The spout does not drip; we poured for a whole week to be sure.",
            "Round, because tea likes to turn around once before it is done.",
        ),
        colours=3,
    ),
    "towel": Assortment(
        "Textiles",
        ("Tea towels",),
        ("tea towel",),
        9,
        16,
        (
            "Half linen, half cotton. It dries better after the third wash, like most of us.",
            "Woven, not printed, so that the back is nearly as nice as the front.",
            "Large enough for a dinner party of glasses. The fringe is knotted by hand.",
        ),
        colours=3,
    ),
    "lamp": Assortment(
        "Light",
        ("Lamps",),
        ("table lamp",),
        44,
        79,
        (
            "A shade of cotton on a turned beech foot. Bright enough to read, soft enough to stop.",
            "With a switch on the cable, where a hand finds it in the dark. Bulb included.",
            "It lights the table and leaves the rest of the room alone.",
        ),
        colours=3,
    ),
    "bottle": Assortment(
        "Pantry",
        ("Syrups & oils",),
        ("bottle",),
        7,
        14,
        (
            "Cold pressed or slowly cooked, depending on what it says. Either way it took its time.",
            "A spoonful is enough. The cork goes back in, for what that is worth.",
            "Keeps for a year unopened and for a few weeks once you know it is there.",
        ),
        sizes=("500 ml",),
        lasts_days=(55,),
        perishable=True,
    ),
    "tin": Assortment(
        "Pantry",
        ("Tea",),
        ("tin",),
        8,
        15,
        (
            "Loose leaf, enough for about fifty cups. Ninety degrees, three minutes, no hurry.",
            "The tin closes so well that you need a fingernail. The tea thanks you for it.",
            "From this year's harvest. Steep it twice: the second cup is the better one.",
        ),
        sizes=("100 g",),
        lasts_days=(50,),
        perishable=True,
    ),
    "plate": Assortment(
        "Tableware",
        ("Plates",),
        ("plate", "breakfast plate", "cake plate"),
        12,
        24,
        (
            "The pattern stays on the rim, where the food does not hide it.",
            "Stoneware, 24 centimetres: toast fits, a roast does not. That is what the board is for.",
            "Stacks straight, survives the dishwasher and most children.",
        ),
        colours=3,
    ),
    "board": Assortment(
        "Tableware",
        ("Boards",),
        ("board",),
        19,
        36,
        (
            "Oak, oiled once here and now and then by you. Hang it up: the hole is there for that.",
            "One side for bread, one for onions. You will remember which, after the first time.",
            "Cut from one piece, so that no two have the same grain.",
        ),
    ),
    "cushion": Assortment(
        "Textiles",
        ("Cushions",),
        ("cushion",),
        24,
        42,
        (
            "Wool outside, feathers inside, and a zip that one does not feel.",
            "Fifty by fifty centimetres, plump at first, agreeable later.",
            "For the chair that was always a little too hard.",
        ),
        colours=3,
    ),
}
