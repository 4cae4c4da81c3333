"""Where a carrier shows a parcel to anybody who has its number."""

import re
from collections.abc import Mapping
from urllib.parse import quote

_PAGES: Mapping[str, str] = {
    "amazon logistics": "https://track.amazon.com/tracking/{}",
    "australia post": "https://auspost.com.au/mypost/track/details/{}",
    "canada post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}",
    "canpar": "https://www.canpar.com/en/track/tracking.jsp?reference={}&locale=en",
    "colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "deutsche post": "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "dpd": "https://www.dpdgroup.com/nl/mydpd/my-parcels/track?lang=en&parcelNumber={}",
    "evri": "https://www.evri.com/track/parcel/{}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "gls": "https://gls-group.com/track/{}",
    "gofo": "https://www.gofoexpress.com/tracking.html?searchID={}",
    "hermes": "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{}",
    "landmark global": "https://track.landmarkglobal.com/?search={}",
    "la poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "old dominion": "https://www.odfl.com/us/en/tools/trace-track-ltl-freight/trace.html?proNumbers={}",
    "ontrac": "https://www.ontrac.com/tracking/?number={}",
    "postnl": "https://jouw.postnl.nl/track-and-trace/{}",
    "purolator": "https://www.purolator.com/en/shipping/tracker?searchValue={}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "spee-dee": "https://www.speedeedelivery.com/track/?tracking={}",
    "united parcel service": "https://www.ups.com/track?tracknum={}",
    "united states postal service": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "yodel": "https://www.yodel.co.uk/tracking/{}",
    "yunexpress": "https://www.yuntrack.com/parcelTracking?id={}",
}
_SERVICE = re.compile(
    r"\b(express|ground|ecommerce|e-commerce|paket|parcel|delivery|freight|line|ltn|uk|de|us|international)\b"
)


def tracking_url(carrier: str | None, number: str | None) -> str | None:
    """The carrier's own page about a number; None for a carrier whose page is not known."""
    if not carrier or not number:
        return None
    name = " ".join(carrier.casefold().replace("_", " ").split())
    page = _PAGES.get(name) or _PAGES.get(" ".join(_SERVICE.sub(" ", name).split()))
    return page.format(quote(number, safe="")) if page else None
