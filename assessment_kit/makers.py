"""Who executes the notebooks of a batch: forks of a warm process here, or long-lived workers where there is no fork."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from assessment_kit import forks, fulfilment
from assessment_kit.errors import ReportError
from assessment_kit.orders import Delivery, IndexOrder, Limits, Order, timed
from assessment_kit.postponed import postpone_grammar
from assessment_kit.watching import LostError


class Maker(Protocol):
    """Executes notebooks, as many at a time as it has workers. Its methods may be called from several threads."""

    @property
    def workers(self) -> int:
        """Return how many orders it works on at a time; it may be given more."""

    def make(self, order: Order, limits: Limits) -> Delivery:
        """Execute one notebook, and say how long that took without the wait for a worker.

        Raises
        ------
        ReportError
            When that cannot be done at all.
        BatchError
            When nothing more can be done for anybody.
        LostError
            When it was closed meanwhile.
        """

    def index(self, order: IndexOrder) -> bytes:
        """Make the index of what was made."""

    def close(self) -> None:
        """Stop everything that runs, at once."""


def index_here(order: IndexOrder) -> bytes:
    """Make an index in this process, which loads what that takes only now."""
    postpone_grammar()
    from assessment_kit.indexing import make_index

    return make_index(order)


def default_workers() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local_maker(workers: int, jobs: int, guide: Path | None) -> Maker:
    """Return who makes the reports on this machine.

    Parameters
    ----------
    workers
        Processes at a time; 0 for one for each core.
    jobs
        How many reports there are at most.
    guide
        A guide that is read in advance.
    """
    wanted = max(1, min(workers or default_workers(), jobs))
    return ForkMaker(wanted, jobs, guide) if forks.available() else PoolMaker(wanted)


class ForkMaker:
    """A fresh process for each notebook, forked from one that is warm."""

    def __init__(self, workers: int, jobs: int, guide: Path | None) -> None:
        self.workers = workers
        self._free = threading.BoundedSemaphore(workers)
        # A rehearsal costs about as much as it saves a report.
        self._warm = forks.WarmProcess(guide, rehearse=jobs > 2)

    def make(self, order: Order, limits: Limits) -> Delivery:
        """Execute one notebook, as soon as a worker is free."""
        with self._free:
            return timed(lambda: fulfilment.fulfil(order, limits, self._warm))

    def index(self, order: IndexOrder) -> bytes:
        """Make the index in a fork too; here, where nothing had to be made and so nothing is warm."""
        if self._warm.started:
            with suppress(LostError):
                return fulfilment.fulfil_index(order, self._warm)
        return index_here(order)

    def close(self) -> None:
        """Stop everything that runs, at once."""
        self._warm.close()


class PoolMaker:
    """Long-lived workers, each with a kernel of its own for each notebook: slower, and as isolated."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def make(self, order: Order, limits: Limits) -> Delivery:
        """Execute one notebook."""
        pool = self._running()
        try:
            return pool.submit(_in_worker, order, limits).result()
        except BrokenProcessPool:
            if self._closed:
                raise ReportError("Stopped.") from None
            self._give_up(pool)
        # All that ran when a worker died were told of it. Alone, the guilty one is found out.
        with ProcessPoolExecutor(1, mp_context=_spawning()) as own:
            try:
                return own.submit(_in_worker, order, limits).result()
            except BrokenProcessPool:
                raise ReportError("The worker process died (killed, or out of memory).") from None

    def index(self, order: IndexOrder) -> bytes:
        """Make the index."""
        return index_here(order)

    def close(self) -> None:
        """Stop everything that runs, at once."""
        self._closed = True
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._closed:
                raise ReportError("Stopped.")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self.workers, mp_context=_spawning())
            return self._pool

    def _give_up(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False)


def _spawning() -> multiprocessing.context.SpawnContext:
    # papermill changes the working directory and starts threads, which a plain fork copies.
    os.environ.update({name: os.environ.get(name, "1") for name in forks.ONE_THREAD})
    return multiprocessing.get_context("spawn")


def _in_worker(order: Order, limits: Limits) -> Delivery:
    from assessment_kit.executions import fulfil_stock

    return timed(lambda: fulfil_stock(order, limits))
