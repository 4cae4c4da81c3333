"""The form of name and address: what was written, and what is wrong with it, in words that help."""

from dataclasses import dataclass, field, replace

from email_validator import EmailNotValidError, validate_email
from starlette.datastructures import FormData

from demo.shop.accounts import Account
from demo.shop.orders import Buyer
from demo.shop.visit import text

COUNTRIES = {"DE": "Germany", "AT": "Austria", "CH": "Switzerland", "NL": "Netherlands", "FR": "France"}
LONGEST = 120

_ASKED = {
    "name": "Enter the name that stands on your door",
    "street": "Enter street and number",
    "postal_code": "Enter the postal code",
    "city": "Enter the town",
}


@dataclass(frozen=True)
class CheckoutForm:
    """The buyer as written so far; `errors` maps a field to its sentence, `refusal` is about the order as a whole."""

    buyer: Buyer
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None

    def refused(self, sentence: str) -> "CheckoutForm":
        """Return the form with a reason why the order was not taken."""
        return replace(self, refusal=sentence)


def blank(account: Account | None = None, last: Buyer | None = None) -> CheckoutForm:
    """Return the form with what is known already."""
    if account is None:
        return CheckoutForm(Buyer("", "", "", "", "", "DE"))
    if last is None:
        return CheckoutForm(Buyer(account.email, account.name, "", "", "", "DE"))
    return CheckoutForm(replace(last, email=account.email))


def read(fields: FormData) -> CheckoutForm:
    """Read the form as it was sent."""
    country = text(fields, "country")
    buyer = Buyer(
        email=text(fields, "email")[:LONGEST],
        name=text(fields, "name")[:LONGEST],
        street=text(fields, "street")[:LONGEST],
        postal_code=text(fields, "postal_code")[:LONGEST],
        city=text(fields, "city")[:LONGEST],
        country=country if country in COUNTRIES else "DE",
    )
    errors = {name: sentence for name, sentence in _ASKED.items() if not getattr(buyer, name)}
    if not usable_address(buyer.email):
        errors = {"email": "Enter an e-mail address, such as ines@example.org", **errors}
    return CheckoutForm(buyer, errors)


def usable_address(email: str) -> bool:
    """Return whether a mail could be sent there, as far as its spelling shows."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
