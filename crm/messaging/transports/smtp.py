"""Mail over SMTP (RFC 5321)."""

import smtplib
import ssl
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from crm.messaging.transports.base import Refused, UnknownResult

_TIMEOUT = 20  # seconds


class SmtpTransport:
    """One connection per mail; `smtps://` is TLS from the start, `smtp://` upgrades where the server offers it."""

    is_repeatable = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._is_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 25)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    def send(self, *, key: str, sender: str, recipient: str, mime: bytes) -> None:
        """Hand the mail over; raises Refused before DATA was answered, UnknownResult when the connection broke in it."""
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(f"the mail server cannot be reached: {error}", is_final=False) from error
        try:
            self._envelope(server, sender, recipient)
            self._data(server, mime)
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=_TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
        if self._login:
            server.login(*self._login)
        return server

    def _envelope(self, server: smtplib.SMTP, sender: str, recipient: str) -> None:
        try:
            for command, address in ((server.mail, sender), (server.rcpt, recipient)):
                _raise_if_refused(*command(address))
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(f"the connection broke before the mail: {error}", is_final=False) from error
        except ValueError as error:
            raise Refused("the address cannot stand in an envelope", is_final=True) from error

    def _data(self, server: smtplib.SMTP, mime: bytes) -> None:
        try:
            code, answer = server.data(mime)
        except smtplib.SMTPDataError as error:
            _raise_if_refused(error.smtp_code, _bytes(error.smtp_error))
            raise UnknownResult(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnknownResult(f"the connection broke while the mail was handed over: {error}") from error
        _raise_if_refused(code, answer)


def _leave(server: smtplib.SMTP) -> None:
    """End the session; how the server takes leave changes nothing about the mail."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _raise_if_refused(code: int, answer: bytes) -> None:
    if code >= 400:
        raise Refused(f"{code} {answer.decode('utf-8', 'replace')[:200]}", is_final=code >= 500)


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
