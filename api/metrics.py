"""Figures for Prometheus at ``/metrics``: requests by route, jobs and events by state. No names, no ids."""

import time
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import Reading
from api.errors import forbidden
from api.jobs.states import JobState
from api.store.models import Delivery, JobPart, JobRow
from api.store.store import Store

router = APIRouter(tags=["service"])

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
NO_ROUTE = "none"


class Metrics:
    """The figures of one server, and of what the database holds."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "rounds_requests",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "rounds_request_seconds",
            "Time to the first byte of an answer.",
            ["route", "method"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.open = Gauge("rounds_requests_open", "Requests that are being answered.", registry=self.registry)
        self.registry.register(_Queues(store))


class _Queues(Collector):
    """Jobs, their parts and webhook deliveries by state, counted when asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count."""
        with self._store.reading() as session:
            for name, text, column in (
                ("rounds_jobs", "Jobs by state.", JobRow.state),
                ("rounds_job_parts", "Parts of jobs by state.", JobPart.state),
                ("rounds_webhook_deliveries", "Webhook deliveries by state.", Delivery.state),
            ):
                family = GaugeMetricFamily(name, text, labels=["state"])
                counts = dict.fromkeys(map(str, JobState), 0) if column is JobRow.state else {}
                counts.update((s, n) for s, n in session.execute(select(column, func.count()).group_by(column)))
                for state, count in sorted(counts.items()):
                    family.add_metric([state], count)
                yield family
            oldest = session.scalar(select(func.min(JobRow.created_at)).where(JobRow.state == JobState.QUEUED))
            family = GaugeMetricFamily("rounds_oldest_queued_job_timestamp_seconds", "When it was accepted; 0 if none.")
            family.add_metric([], oldest.timestamp() if oldest else 0.0)
            yield family

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: counting needs the open database."""
        return iter(())


class Measured:
    """Counts requests; plain ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, first = 500, 0.0

        async def tell(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - started
            await send(message)

        self._metrics.open.inc()
        try:
            await self._app(scope, receive, tell)
        finally:
            self._metrics.open.dec()
            route = getattr(scope.get("route"), "path", NO_ROUTE)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(route, method, str(status)).inc()
            self._metrics.seconds.labels(route, method).observe(first or time.perf_counter() - started)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def read_metrics(request: Request, ctx: Reading) -> Response:
    """Figures for Prometheus; give it an API token with the scope `read` of anybody but a rep."""
    if ctx.actor.is_rep:
        raise forbidden("Figures of the service are not for reps.")
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
