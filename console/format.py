"""Numbers, money and time as the reader of a store's locale and zone writes them.

Everything goes through Babel. Instants are integer milliseconds UTC, amounts are integer minor units. A `Formatter` is
made once per request and is pure: the same values give the same text.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup

from console.language import gettext as _
from core import clock, money
from core.clock import Instant

MINUS = "−"  # U+2212: as wide as a plus, and never broken from its number
UNKNOWN = "–"


@dataclass(frozen=True)
class Formatter:
    """Texts for one reader: `locale` as in "en_GB", `zone` as in "Europe/Berlin", `now` the instant of the request."""

    locale: str
    zone: str
    now: Instant

    def number(self, value: float | Decimal | None, digits: int | None = None) -> str:
        """1234.5 → "1,234.5"; with `digits`, exactly so many decimals; None → "–"."""
        if value is None:
            return UNKNOWN
        pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        return _true_minus(format_decimal(value, format=pattern, locale=self.locale))

    def about(self, value: float | None) -> str:
        """A number for prose, three significant digits: 18437 → "18,400"."""
        return UNKNOWN if value is None else self.number(_rounded(value, 3))

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share between 0 and 1: 0.384 → "38.4%"."""
        if share is None:
            return UNKNOWN
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return _true_minus(format_percent(share, format=pattern, locale=self.locale))

    def money(self, minor: int | None, currency: str) -> str:
        """Minor units with all decimals of the currency: 6450, "EUR" → "€64.50"."""
        if minor is None:
            return UNKNOWN
        return _true_minus(format_currency(money.to_decimal(minor, currency), currency, locale=self.locale))

    def whole_money(self, minor: int | None, currency: str) -> str:
        """Rounded to whole units, for strips and charts: 7711449, "EUR" → "€77,114"."""
        if minor is None:
            return UNKNOWN
        amount = money.to_decimal(minor, currency).to_integral_value(ROUND_HALF_UP)
        text = format_currency(
            amount, currency, locale=self.locale, currency_digits=False, format=self._whole_pattern()
        )
        return _true_minus(text)

    def signed(self, value: float | None, digits: int | None = None) -> str:
        """A change with its sign: 412 → "+412", -96 → "−96", 0 → "0"."""
        if value is None:
            return UNKNOWN
        return ("+" if value > 0 else "") + self.number(value, digits)

    def day(self, instant: Instant | None) -> str:
        """ "Today", "Yesterday", "Tue 17 Nov", and with the year where it is another one."""
        if instant is None:
            return UNKNOWN
        return self.named_date(clock.local_day(instant, self.zone))

    def named_date(self, day: date) -> str:
        """The same for a calendar day of the store."""
        today = clock.local_day(self.now, self.zone)
        if day == today:
            return _("today")
        if day == today - timedelta(days=1):
            return _("yesterday")
        return self.plain_date(day)

    def plain_date(self, day: date) -> str:
        """ "Tue 17 Nov", never a word; with the year where it is another one."""
        this_year = day.year == clock.local_day(self.now, self.zone).year
        return str(format_skeleton("MMMEd" if this_year else "yMMMEd", day, locale=self.locale)).replace(",", "")

    def short_date(self, day: date) -> str:
        """ "17 Nov": for axes and ranges; with the year where it is another one."""
        this_year = day.year == clock.local_day(self.now, self.zone).year
        return str(format_skeleton("MMMd" if this_year else "yMMMd", day, locale=self.locale))

    def time(self, instant: Instant | None, seconds: bool = False) -> str:
        """The time of day in the store's zone, 24 h or 12 h as the locale has it."""
        if instant is None:
            return UNKNOWN
        moment = clock.to_datetime(instant, self.zone)
        return str(format_time(moment, "medium" if seconds else "short", locale=self.locale))

    def exact(self, instant: Instant) -> str:
        """Date, time with seconds and zone in full, for titles."""
        moment = clock.to_datetime(instant, self.zone)
        day = format_date(moment.date(), "full", locale=self.locale)
        return f"{day}, {format_time(moment, 'medium', locale=self.locale)} {self.zone}"

    def when(self, instant: Instant | None, form: str = "both") -> Markup:
        """A `<time>` element: `form` is "both" (today 18:21), "day", "time" or "seconds"; its title is the exact instant."""
        if instant is None:
            return Markup(UNKNOWN)
        text = self._text_of(instant, form)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(clock.iso(instant), self.exact(instant), text)

    def _text_of(self, instant: Instant, form: str) -> str:
        if form == "day":
            return self.day(instant)
        if form in ("time", "seconds"):
            return self.time(instant, seconds=form == "seconds")
        return f"{self.day(instant)} {self.time(instant)}"

    def span(self, first: date, last: date) -> str:
        """A range of days with an en dash: "24 Oct – 20 Nov"."""
        return f"{self.short_date(first)} – {self.short_date(last)}"

    def duration(self, milliseconds: int) -> str:
        """How long, in words: 1_140_000 → "19 minutes"."""
        return str(format_timedelta(timedelta(milliseconds=milliseconds), threshold=1.5, locale=self.locale))

    def _whole_pattern(self) -> str:
        pattern = str(Locale.parse(self.locale).currency_formats["standard"].pattern)
        return pattern.replace(".00", "")


def _true_minus(text: str) -> str:
    return text.replace("-", MINUS)


def _rounded(value: float, digits: int) -> float:
    """`value` with `digits` significant digits."""
    return float(f"{value:.{digits}g}")
