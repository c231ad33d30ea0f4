"""The same work on the machines of a Dask cluster: orders and deliveries travel by value, no disk is shared.

A worker needs the kit, of the same version and code, and nothing else. Dask gives what a lost worker had to another
one. What goes on there is in ``cluster_worker``.
"""

from __future__ import annotations

from collections.abc import Callable

from assessment_kit.cluster_client import ClusterClient
from assessment_kit.cluster_worker import digest_there, fulfil_there
from assessment_kit.errors import ReportError, UsageError
from assessment_kit.fingerprints import code_digest
from assessment_kit.makers import index_here
from assessment_kit.orders import Delivery, IndexOrder, Limits, Order

#: Orders in hand for each thread of the cluster, so that none waits for this machine.
AHEAD = 2


class ClusterMaker:
    """Executes notebooks on the workers of an existing cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    on_note
        Is told what a user should know while he waits.

    Raises
    ------
    UsageError
        When the extra is missing, the scheduler does not answer or has no workers, or a worker has another kit.
    """

    def __init__(self, address: str, on_note: Callable[[str], None]) -> None:
        try:
            import distributed  # noqa: F401 - an extra; also told where it is there and cannot be loaded
        except ImportError:
            raise UsageError(
                "--cluster needs the library dask.distributed. Install it with: pip install 'assessment-kit[cluster]'"
            ) from None
        self._client = ClusterClient(address, on_note)
        try:
            threads = self._client.threads()
            if not threads:
                remedy = f"Start one on each machine: dask worker {address} --nthreads 1 --nworkers auto"
                raise UsageError(f"{address}: the cluster has no workers. {remedy}")
            self._check_workers(address)
        except BaseException:
            self._client.close()
            raise
        self.workers = threads * AHEAD

    def _check_workers(self, address: str) -> None:
        # With what a worker without the kit has, too.
        found = self._client.on_all(digest_there)
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
        from distributed import KilledWorker

        try:
            return self._client.on_one(fulfil_there, order, limits, code_digest())
        except KilledWorker:
            raise ReportError(
                "Its worker died, and so did the others that were given it (killed, or out of memory)."
            ) from None

    def index(self, order: IndexOrder) -> bytes:
        """Make the index here: the cluster has not seen the documents of before."""
        return index_here(order)

    def close(self) -> None:
        """Let go of the cluster, and of everything that it still has to do for this batch."""
        self._client.close()
