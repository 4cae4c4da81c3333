"""`/metrics` in the Prometheus text format: intake, queue, and the lag of every reaction."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from regulars.services import Services


class _Lag(Collector):
    """Reads the reactions' lag when Prometheus asks."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        lag = GaugeMetricFamily(
            "regulars_reaction_lag_seconds", "Age of the oldest waiting event.", labels=["reaction"]
        )
        with suppress(
            SQLAlchemyError
        ):  # while the database is away, what is counted in the process is told all the same
            for reaction, milliseconds in self._services.runner.lag().items():
                lag.add_metric([reaction], milliseconds / 1000)
        yield lag
        yield GaugeMetricFamily(
            "regulars_intake_waiting", "Rows waiting for their commit.", self._services.intake.waiting
        )


def endpoint(services: Services) -> Callable[[Request], Response]:
    """The handler of `/metrics`."""
    own = CollectorRegistry()
    own.register(_Lag(services))

    def metrics(_: Request) -> Response:
        return Response(generate_latest(REGISTRY) + generate_latest(own), media_type=CONTENT_TYPE_LATEST)

    return metrics
