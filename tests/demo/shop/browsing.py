"""A browser for tests: it sends forms with the token of the page before, as a shopper's browser would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
from starlette.testclient import TestClient

ADDRESS = {
    "email": "ines@example.org",
    "name": "Ines Falk",
    "street": "Lindenweg 4",
    "postal_code": "04103",
    "city": "Leipzig",
    "country": "DE",
}


@dataclass
class Browser:
    """One browser with its cookies."""

    client: TestClient

    def see(self, path: str) -> httpx2.Response:
        """Open a page of the shop."""
        return self.client.get(f"/shop{path}")

    def send(self, path: str, fields: Mapping[str, str | list[str]], *, csrf: str | None = None) -> httpx2.Response:
        """Send a form and follow where it leads."""
        return self.client.post(f"/shop{path}", data={"csrf": csrf or self.csrf(), **fields})

    def csrf(self) -> str:
        """Return the token of this session's forms."""
        found = re.search(r'name="csrf" value="([0-9a-f]{32})"', self.see("/orders").text)
        assert found
        return found[1]

    def buy(self, *variant_ids: str, quantity: int = 1) -> str:
        """Order these variants and return the number of the order."""
        for variant_id in variant_ids:
            self.send("/cart/add", {"variant_id": variant_id, "quantity": str(quantity)})
        answer = self.send("/checkout", ADDRESS)
        assert answer.status_code == 200
        return answer.url.path.rsplit("/", 1)[1]

    def register(self, email: str = "ines@example.org") -> httpx2.Response:
        """Open an account and sign in."""
        fields = {"name": "Ines Falk", "email": email, "password": "a slow morning"}
        return self.send("/account/register", fields)
