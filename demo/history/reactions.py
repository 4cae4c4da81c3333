"""Waiting until Regulars has drawn all its conclusions, as seen from outside: the lag in its metrics."""

import asyncio

import httpx2

from demo.history.errors import Unreachable

LAG = "regulars_reaction_lag_seconds"
PAUSE = 0.25  # seconds
PATIENCE = 900.0  # seconds


def is_level(metrics: str) -> bool:
    """Whether every reaction in a Prometheus text has handled everything; False where none is named."""
    lags = [float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(LAG)]
    return bool(lags) and max(lags) == 0.0


async def wait_until_level(http: httpx2.AsyncClient, *, patience: float = PATIENCE) -> None:
    """Return once all reactions are level; raises Unreachable when they are not within `patience` seconds."""
    until = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < until:
        try:
            response = await http.get("/metrics")
        except httpx2.TransportError:
            response = None
        if response is not None and response.is_success and is_level(response.text):
            return
        await asyncio.sleep(PAUSE)
    raise Unreachable("/metrics")
