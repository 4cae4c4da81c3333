"""All recommenders by name. To add one: a file beside this one, a line here; the shared tests then run on it."""

from personalization.recommendations.recommenders.also_chosen import AlsoChosen
from personalization.recommendations.recommenders.base import Recommender
from personalization.recommendations.recommenders.bought_together import BoughtTogether
from personalization.recommendations.recommenders.buy_again import BuyAgain
from personalization.recommendations.recommenders.last_seen import LastSeen
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.recommenders.popular import Popular
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours
from personalization.recommendations.recommenders.viewed_next import ViewedNext

RECOMMENDERS: dict[str, type[Recommender]] = {
    kind.name: kind
    for kind in (Popular, LastSeen, BuyAgain, BoughtTogether, AlsoChosen, ViewedNext, SessionNeighbours, LightFMHybrid)
}
