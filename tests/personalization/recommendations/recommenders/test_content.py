import math

import pytest

from personalization.recommendations.recommenders.content import ContentIndex
from tests.personalization.recommendations.samples import described

PRODUCTS = described(cup="china cup blue", kettle="metal kettle red", mug="china mug blue", pan="metal pan black")
CUP, KETTLE, MUG, PAN = range(4)


def test_what_shares_the_rare_words_is_nearest() -> None:
    items, scores = ContentIndex.of(PRODUCTS).nearest(CUP, 3)
    assert items.tolist() == [MUG]
    # Both words of the mug's that the cup has describe two of four products; the mug has three words.
    assert float(scores[0]) == pytest.approx(2 * math.log(3) ** 2 / math.sqrt(3))


def test_a_new_product_has_neighbours_and_is_one_at_once() -> None:
    index = ContentIndex.of(PRODUCTS)
    assert index.nearest(KETTLE, 3)[0].tolist() == [PAN]
    index.put(4, ("metal", "kettle", "red"))
    assert index.nearest(4, 1)[0].tolist() == [KETTLE]
    assert index.nearest(KETTLE, 1)[0].tolist() == [4]


def test_putting_again_replaces_the_words() -> None:
    index = ContentIndex.of(PRODUCTS)
    index.put(PAN, ("china", "cup", "blue"))
    assert index.nearest(CUP, 1)[0].tolist() == [PAN]
    assert index.nearest(KETTLE, 3)[0].tolist() == []


def test_a_product_without_words_has_no_neighbours() -> None:
    assert len(ContentIndex().nearest(7, 3)[0]) == 0
