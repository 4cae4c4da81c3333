"""StoreError
├── UnknownStore
├── UnknownCurrency
├── UnknownTimeZone
├── UnknownLocale
├── EmailTaken
└── TooManyAttempts
"""


class StoreError(Exception):
    """Something about a store or its staff cannot be done."""


class UnknownStore(StoreError):
    def __init__(self, store_id: int) -> None:
        super().__init__(f"There is no store {store_id}. `regulars store list` shows those that exist.")


class UnknownCurrency(StoreError):
    def __init__(self, currency: str) -> None:
        super().__init__(f"“{currency}” is not an ISO 4217 currency such as EUR.")


class UnknownTimeZone(StoreError):
    def __init__(self, zone: str) -> None:
        super().__init__(f"“{zone}” is not a time zone such as Europe/Berlin.")


class UnknownLocale(StoreError):
    def __init__(self, locale: str) -> None:
        super().__init__(f"“{locale}” is not a locale such as en or de-DE.")


class EmailTaken(StoreError):
    def __init__(self, email: str) -> None:
        super().__init__(f"There is already a user {email}.")


class TooManyAttempts(StoreError):
    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many failed attempts. Try again in {seconds} seconds.")
        self.seconds = seconds
