"""Territories on a Dask cluster: the same function, through the cluster's ``concurrent.futures`` executor.

The workers need rounds installed, nothing else: travel times come with the task. Stopping early is an event of the
cluster that each search looks at once a second.
"""

import time
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from typing import Any

from api.workers import SolveTask, TaskProgress, run_task
from routing.errors import MissingExtra, TravelError
from routing.solve import SolveResult

CONNECT_SECONDS = 10
LOOK_SECONDS = 1.0


class ClusterUnreachable(TravelError):
    """The Dask scheduler does not answer."""


class DaskSolver:
    """A Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler: ``tcp://host:8786``.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = None
        self._executor: Executor | None = None
        self._event: Any = None
        self._event_name = ""
        self._job_id = ""
        self.slots = 1

    def begin(self, job_id: str) -> None:
        """Connect, count the cluster's threads, and lower the job's flag.

        Raises
        ------
        MissingExtra
            If Dask is not installed.
        ClusterUnreachable
            If the scheduler does not answer.
        """
        self._job_id = job_id
        try:
            from distributed import Client, Event
        except ImportError:
            raise MissingExtra("A Dask cluster needs the extra: pip install 'rounds[dask]'.") from None
        if self._client is None:
            try:
                self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
            except (OSError, TimeoutError, ValueError) as error:
                raise ClusterUnreachable(
                    f"The Dask scheduler at {self._address} does not answer ({type(error).__name__}). Start it, or "
                    "plan without --dask."
                ) from None
            self._executor = self._client.get_executor(pure=False)
        self.slots = max(1, sum(self._client.nthreads().values()))
        self._event_name = f"rounds-stop-{job_id}"
        self._event = Event(self._event_name, client=self._client)
        self._event.clear()

    def submit(self, task: SolveTask) -> Future[SolveResult]:
        """Start a territory."""
        if self._executor is None:
            self.begin(self._job_id)
        assert self._executor is not None  # begin() connects
        return self._executor.submit(run_on_cluster, task, self._event_name)

    def news(self) -> Iterable[TaskProgress]:
        """Nothing: a cluster tells only when a territory is done."""
        return ()

    def stop(self) -> None:
        """Raise the job's flag."""
        self._event.set()

    def drop(self) -> None:
        """Let go of the cluster; what runs there is cancelled."""
        client, self._client, self._executor = self._client, None, None
        if client is not None:
            self._event.set()
            client.close()


class _ClusterFlag:
    """The job's flag as a worker sees it; asked for at most once a second."""

    def __init__(self, name: str) -> None:
        from distributed import Event

        self._event = Event(name)
        self._next = 0.0
        self._set = False

    def is_set(self) -> bool:
        """Whether the search should end now."""
        now = time.monotonic()
        if not self._set and now >= self._next:
            self._next = now + LOOK_SECONDS
            self._set = bool(self._event.is_set())
        return self._set


def run_on_cluster(task: SolveTask, flag_name: str) -> SolveResult:
    """Solve one territory on a worker of the cluster."""
    return run_task(task, _ClusterFlag(flag_name))
