"""Security headers of every answer, and the two exceptions for showing a mail in a frame."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Send

# No `style=`, no inline script, no other host. `data:` is for the icons inside Pico.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'"

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Vary": "Cookie, HX-Request",
}


def allow_frames(response: Response) -> Response:
    """Let a page show frames of our own, such as a mail (see `as_framed_mail`)."""
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def as_framed_mail(response: Response) -> Response:
    """Mark foreign HTML (a mail as its reader sees it) to be shown in a frame of ours.

    No script, nothing from elsewhere, an origin of its own; inline styles are allowed because mail has no others.
    """
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def with_headers(send: Send, cookies: Sequence[str] = ()) -> Send:
    """A `send` that adds the security headers an answer does not have yet, and `Set-Cookie` lines."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            for cookie in cookies:
                headers.append("Set-Cookie", cookie)
        await send(message)

    return send_with_headers
