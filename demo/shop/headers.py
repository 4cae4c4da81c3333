"""The headers that keep pages to themselves: no inline script, no inline style, no frame, no other host but Regulars'."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SecurityHeaders:
    """Adds the content security policy and its companions to every answer."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._policy = "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' {origin}",
                "style-src 'self'",
                f"img-src 'self' data: {origin}",
                f"connect-src 'self' {origin}",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if headers.get("Content-Type", "").startswith("text/html"):
                    # Every page carries the basket and the form token of one person.
                    headers["Cache-Control"] = "private, no-cache"
            await send(message)

        await self._app(scope, receive, complete)
