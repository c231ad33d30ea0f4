"""What a worker of a cluster does for a batch: one notebook, for as long as somebody wants it.

Each process of a worker has a warm process of its own to fork from, so that a notebook is as isolated there as here.
"""

from __future__ import annotations

from collections.abc import Callable

from assessment_kit import forks, fulfilment
from assessment_kit.errors import ReportError
from assessment_kit.fingerprints import code_digest
from assessment_kit.orders import Delivery, Limits, Order, timed
from assessment_kit.watching import UnwantedError


def digest_there() -> str:
    """Return the digest of the code that this worker has."""
    return code_digest()


def fulfil_there(order: Order, limits: Limits, digest: str) -> Delivery:
    """Execute a notebook on the worker's machine.

    Parameters
    ----------
    digest
        Of the code that the batch was started with: a worker may have joined since.

    Raises
    ------
    ReportError
        When it cannot be executed at all.
    """
    from distributed import Reschedule, get_worker

    if code_digest() != digest:
        where = get_worker().address
        raise ReportError(f"The worker {where}, which joined meanwhile, has another version or code of the kit.")
    if not forks.available():
        from assessment_kit.executions import fulfil_stock

        return timed(lambda: fulfil_stock(order, limits))
    warm, wanted = forks.shared(rehearse=True), _wanted()
    try:
        return timed(lambda: fulfilment.fulfil(order, limits, warm, wanted))
    except UnwantedError:
        # A worker that is told to stop gives it back; one whose client has gone is not listened to.
        raise Reschedule from None


def _wanted() -> Callable[[], bool]:
    """Return what tells whether the task that runs in this thread is still wanted.

    Dask cannot stop a task that runs. It only notes that its result is not wanted any more, because its client let go
    of it or is gone: the task's state is then ``cancelled``. A worker that lost its scheduler, or is told to stop,
    closes; and waits for its tasks.
    """
    from distributed import Status, get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        ends = worker.status in {Status.closing, Status.closed, Status.failed}
        return not ends and task is not None and task.state != "cancelled"

    return wanted
