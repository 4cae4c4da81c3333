"""The signed word of the shop that a browser belongs to one of its accounts."""

import jwt

from demo.shop.settings import ShopSettings

LIFETIME = 3600  # seconds; Regulars accepts no longer one


def identity_token(settings: ShopSettings, user_id: str) -> str:
    """Return a JWT (HS256) for one account, valid for an hour."""
    now = settings.clock() // 1000
    claims = {"aud": str(settings.store_id), "sub": user_id, "iat": now, "exp": now + LIFETIME}
    return jwt.encode(claims, settings.secret_key, algorithm="HS256")
