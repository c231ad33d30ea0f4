"""The same work on the machines of a Dask cluster: orders and deliveries travel by value, no disk is shared.

A worker needs the kit, of the same version and code, and nothing else. Each of its processes has a warm process of its
own to fork from, so that a notebook is as isolated there as here. Dask gives what a lost worker had to another one.
"""

from __future__ import annotations

import threading
from typing import Any

from assessment_kit import forks, fulfilment
from assessment_kit.errors import ReportError, UsageError
from assessment_kit.fingerprints import code_digest
from assessment_kit.makers import index_here
from assessment_kit.orders import Delivery, IndexOrder, Limits, Order
from assessment_kit.watching import LostError

#: Seconds to find the scheduler, and to hear from its workers.
PATIENCE = 10

#: Orders in hand for each thread of the cluster, so that none waits for this machine.
AHEAD = 2


class ClusterMaker:
    """Executes notebooks on the workers of an existing cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    UsageError
        When the extra is missing, the scheduler does not answer or has no workers, or a worker has another kit.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError(
                "--cluster needs the library dask.distributed. Install it with: pip install 'assessment-kit[cluster]'"
            ) from None
        try:
            self._client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            remedy = "Start one with `dask scheduler`, or check the address and the firewall."
            raise UsageError(f"{address}: no Dask scheduler answers there ({error}). {remedy}") from None
        try:
            self._check_workers(address)
            threads = sum(self._client.nthreads().values())
        except BaseException:
            self._client.close()
            raise
        self.workers = max(1, threads * AHEAD)
        self._closed = threading.Event()

    def _check_workers(self, address: str) -> None:
        if not self._client.nthreads():
            remedy = f"Start one on each machine: dask worker {address} --nthreads 1 --nworkers auto"
            raise UsageError(f"{address}: the cluster has no workers. {remedy}")
        # With what a worker without the kit has, too.
        found = self._client.run(_digest_there, on_error="return")
        ours = code_digest()
        wrong = {worker: digest for worker, digest in found.items() if digest != ours}
        if not wrong:
            return
        worker, digest = next(iter(sorted(wrong.items())))
        what = (
            f"cannot use the kit ({digest})"
            if isinstance(digest, BaseException)
            else "has another version or code of it"
        )
        raise UsageError(
            f"{address}: {len(wrong)} of {len(found)} workers cannot make the same reports: {worker} {what}. "
            "Install the same version of assessment-kit, with the same libraries, on every worker."
        )

    def make(self, order: Order, limits: Limits) -> Delivery:
        """Execute one notebook on some worker."""
        from distributed import CancelledError, KilledWorker

        future = self._client.submit(_on_worker, order, limits, pure=False)
        try:
            delivery: Delivery = future.result()
        except KilledWorker:
            raise ReportError(
                "Its worker died, and so did the others that were given it (killed, or out of memory)."
            ) from None
        except CancelledError:
            if self._closed.is_set():
                raise LostError from None
            raise ReportError("The connection to the cluster was lost. Run the same command again.") from None
        finally:
            future.release()
        return delivery

    def index(self, order: IndexOrder) -> bytes:
        """Make the index here: the cluster has not seen the documents of before."""
        return index_here(order)

    def close(self) -> None:
        """Let go of the cluster, and of everything that it still has to do for this batch."""
        self._closed.set()
        self._client.close(timeout=1)


def _digest_there() -> str:
    return code_digest()


def _on_worker(order: Order, limits: Limits) -> Delivery:
    """Execute a notebook on the worker's machine, in a process forked from one that the worker keeps warm."""
    if forks.available():
        return fulfilment.fulfil(order, limits, fulfilment.shared(rehearse=True))
    from assessment_kit.executions import fulfil_stock

    return fulfil_stock(order, limits)
