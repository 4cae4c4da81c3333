"""Names that are dry, kind, unique, and agree with the picture, since both come from the same design.

Coloured things are called after their shade and pattern ("Harbour check mug"); what is eaten, drunk or burnt has a name of
its own and a size ("Tuesday beans, 500 g"); a plant is called by how it grows in the picture.
"""

from collections.abc import Iterator

from demo.art.design import Design
from demo.art.kinds.rooms import habit
from demo.assortment import ASSORTMENT

WORDS = {
    "rose": ("Peony", "Blossom", "Rosewater"),
    "plum": ("Plum", "Damson", "Evening"),
    "coral": ("Coral", "Rosehip", "Late summer"),
    "brick": ("Chimney", "Rust", "Brickyard"),
    "apricot": ("Apricot", "Toast", "Terrace"),
    "bark": ("Bark", "Walnut", "Old fence"),
    "honey": ("Honey", "Wheat", "Low sun"),
    "bronze": ("Bronze", "Barley", "Harvest"),
    "straw": ("Straw", "Dune", "Meadow"),
    "olive": ("Olive", "Orchard", "Hedge"),
    "fern": ("Fern", "Clover", "Garden gate"),
    "pine": ("Pine", "Forest", "Moss"),
    "mint": ("Mint", "Willow", "Sea glass"),
    "lagoon": ("Lagoon", "Ivy", "Boathouse"),
    "aqua": ("Ferry", "Drizzle", "Shallows"),
    "petrol": ("Tide", "Petrol", "Deep end"),
    "sky": ("Sky", "Open window", "March"),
    "harbour blue": ("Harbour", "Pier", "Denim"),
    "cornflower": ("Cornflower", "Chicory", "Rain"),
    "ink blue": ("Ink", "Midnight", "Night train"),
    "lilac": ("Lilac", "Lavender", "Wisteria"),
    "violet": ("Violet", "Dusk", "Fig"),
    "orchid": ("Orchid", "Sweet pea", "Foxglove"),
    "aubergine": ("Aubergine", "Mulberry", "Beetroot"),
}
PATTERN_WORDS = {
    "plain": "",
    "dip": "dipped",
    "stripes": "striped",
    "dots": "dotted",
    "band": "banded",
    "speckle": "speckled",
    "waves": "wave",
    "leaves": "leaf",
    "check": "check",
    "sunrise": "sunrise",
}
PATTERN_PHRASES = {
    "plain": "in one colour",
    "dip": "dipped in a second glaze",
    "stripes": "with stripes",
    "dots": "with dots",
    "band": "with a broad band",
    "speckle": "with speckles",
    "waves": "with waves",
    "leaves": "with leaves",
    "check": "with a check pattern",
    "sunrise": "with a sunrise",
}
ALT_NOUNS = {
    "pouch": "bag of coffee",
    "towel": "tea towel on a rail",
    "lamp": "table lamp",
    "tin": "tea tin",
    "plant": "pot with a house plant",
    "board": "board of oak with its edge",
    "candle": "burning candle",
    "bottle": "bottle with a cork",
    "jar": "jar with a wooden lid",
    "kettle": "kettle with a wooden handle",
    "vase": "vase with flowers",
    "mug": "mug of coffee",
}
OWN_NAMES = {
    "pouch": (
        *("Morning", "Tuesday", "Slow", "Second cup", "Long weekend", "Early train", "Harbour", "Lane", "Night shift"),
        *("Sunday", "Rainy day", "Porch", "Monday", "Neighbour", "Half past seven", "Quiet", "Wednesday", "Market day"),
        "Old friend",
    ),
    "tin": (
        *("Rainy day Assam", "Window seat Earl Grey", "Fog Darjeeling", "Mint and patience", "Letter writer's Ceylon"),
        *("Chamomile for later", "Smoked Lapsang", "Jasmine green", "Evening rooibos", "Genmaicha", "Ginger and lemon"),
        *("White peony", "Breakfast blend", "Sencha", "Nettle and apple", "Oolong for two", "Fennel and anise"),
        *("Vanilla black", "Hibiscus"),
    ),
    "jar": (
        *("Orange marmalade", "Apricot jam", "Linden honey", "Plum butter", "Hazelnut spread", "Raspberry jam"),
        *("Heather honey", "Fig jam", "Lemon curd", "Quince jelly", "Blackberry jam", "Almond butter", "Forest honey"),
        *("Rhubarb jam", "Pear and ginger jam", "Sour cherry jam", "Peanut butter", "Chestnut honey", "Rosehip jam"),
    ),
    "bottle": (
        *("Elderflower syrup", "Olive oil from Crete", "Vanilla syrup", "Rhubarb syrup", "Walnut oil", "Ginger syrup"),
        *("Apple vinegar", "Lemon olive oil", "Raspberry syrup", "Pumpkin seed oil", "Caramel syrup", "Rosemary oil"),
        *("Cherry syrup", "Hazelnut syrup", "Quince vinegar", "Mint syrup", "Sesame oil", "Lavender syrup"),
        "Maple syrup",
    ),
    "candle": (
        *("Honey", "Cedar", "Rain on stone", "Fresh linen", "Tomato leaf", "Old library", "Fig tree", "Orange peel"),
        *("Black tea", "Rosemary", "Sea salt", "Bonfire", "Lavender", "Vanilla pod", "Ginger", "Cut grass", "Amber"),
        *("Peppermint", "No scent at all"),
    ),
    "board": (
        *("Breakfast", "Crumb", "Sunday loaf", "Cheese", "Onion", "Picnic", "Herb", "Midnight snack", "Rye"),
        *("Apple", "Market", "Two-person", "Guest", "Lemon", "Garden", "Toast", "Ploughman's", "Windowsill", "Crust"),
    ),
}
SPECIES = {
    "broad": ("Calathea", "Rubber plant", "Peace lily", "Nest fern", "Philodendron", "Bay tree", "Ficus"),
    "round": ("Pilea", "Peperomia", "Geranium", "Pennywort", "Wood sorrel", "Nasturtium", "Jade plant"),
    "blade": ("Aloe", "Snake plant", "Yucca", "Spider plant", "Agave", "Dragon tree", "Ponytail palm"),
}
_GROUND_OR_WHOLE = {"Beans": "beans", "Ground coffee": "ground coffee", "Decaf": "decaf"}


def candidates(design: Design, row: int) -> Iterator[str]:
    """Yield names for a product, the best first; the catalogue takes the first that is still free."""
    kind = design.kind
    if kind == "plant":
        yield from _plants(design, row)
    elif kind in OWN_NAMES:
        yield _own_name(design, row)
    else:
        yield from _coloured(design, row)


def alt(design: Design) -> str:
    """Say what the picture shows, for whoever does not see it."""
    noun = ALT_NOUNS.get(design.kind, design.kind)
    if design.kind == "board":
        finish = {"plain": "left plain", "dip": f"dipped in {design.colour}", "band": f"banded in {design.colour}"}
        return f"A board of oak, {finish[design.pattern]}"
    article = "An" if design.colour[0] in "aeiou" else "A"
    return f"{article} {design.colour} {noun}, {PATTERN_PHRASES[design.pattern]}"


def coffee_word(shelf: str) -> str:
    """Return what a bag on this shelf of the coffee group holds."""
    return _GROUND_OR_WHOLE[shelf]


def _own_name(design: Design, row: int) -> str:
    assortment = ASSORTMENT[design.kind]
    names = OWN_NAMES[design.kind]
    name = names[row % len(names)]
    if design.kind == "board":
        finish = {"plain": "", "dip": f", dipped in {design.colour}", "band": f", {design.colour} band"}
        return f"{name} board{finish[design.pattern]}"
    size = assortment.sizes[row % len(assortment.sizes)]
    if design.kind == "candle":
        return f"{name} candle" if name != "No scent at all" else "Candle with no scent at all"
    if design.kind == "pouch":
        return f"{name} {coffee_word(assortment.shelves[row % len(assortment.shelves)])}, {size}"
    return f"{name}, {size}"


def _plants(design: Design, row: int) -> Iterator[str]:
    species = SPECIES[habit(design.stream("shape"))]
    article = "an" if design.colour[0] in "aeiou" else "a"
    for step in range(len(species)):
        yield f"{species[(row + step) % len(species)]} in {article} {design.colour} pot"


def _coloured(design: Design, row: int) -> Iterator[str]:
    nouns = ASSORTMENT[design.kind].nouns
    words = WORDS[design.colour]
    for step in range(len(words) * len(nouns)):
        word, noun = words[(row + step) % len(words)], nouns[(row + step // len(words)) % len(nouns)]
        yield " ".join(part for part in (word, PATTERN_WORDS[design.pattern], noun) if part)
