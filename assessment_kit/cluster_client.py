"""A connection to a Dask scheduler that can be given up at any moment: Dask's client, on an event loop of its own.

The client's usual face waits for a scheduler that is gone until the process ends. Here the loop belongs to this
object: whoever waits for something is woken when the connection is lost or closed, whatever the client does meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from assessment_kit.errors import BatchError, UsageError
from assessment_kit.watching import LostError

#: Seconds to find the scheduler, and for it to say that it is one.
PATIENCE = 10.0

#: Seconds for the workers to tell what they have installed: those of a busy machine load it first.
CHECKING = 60.0

#: How often (seconds) is looked whether the scheduler and its workers are there.
LOOK = 0.5

#: Seconds without an answer of the scheduler until it counts as gone.
SILENCE = 30.0

#: Seconds without a worker until that is said.
WORKERLESS = 5.0

#: Seconds for the scheduler to be told that this client goes; its connection ends in any case.
FAREWELL = 0.5

_GONE = "the connection to the scheduler was lost"
_REMEDY = "Start one with `dask scheduler`, or check the address and the firewall."

T = TypeVar("T")


class ClusterClient:
    """A connection to a scheduler. Its methods may be called from several threads.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    on_note
        Is told what a user should know while he waits.

    Raises
    ------
    UsageError
        When there is no scheduler at this address.
    """

    def __init__(self, address: str, on_note: Callable[[str], None]) -> None:
        self.address = address
        self._on_note = on_note
        self._host, self._port = _parts_of(address)
        self._client: Any = None
        self._watching: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._asked: set[Future[Any]] = set()
        self._closed = False
        self._lost = ""
        self._loop = asyncio.new_event_loop()
        # What a client leaves behind that was given up is nobody's matter; what we ask for is told to whoever asked.
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread = threading.Thread(target=self._serve, name="cluster", daemon=True)
        self._thread.start()
        try:
            self._ask(self._connect())
        except BaseException:
            self.close()
            raise

    def threads(self) -> int:
        """Return how many notebooks the workers can execute at a time."""
        return sum(self._ask(self._threads()).values())

    def on_all(self, function: Callable[[], T]) -> dict[str, T | BaseException]:
        """Call a function on every worker, and return what it gave or raised.

        Raises
        ------
        UsageError
            When they do not answer.
        """

        async def run() -> dict[str, T | BaseException]:
            try:
                async with asyncio.timeout(CHECKING):
                    return dict(await self._client.run(function, on_error="return"))
            except TimeoutError:
                raise UsageError(
                    f"{self.address}: not all workers of the cluster answer. Restart those that hang."
                ) from None

        return self._ask(run())

    def on_one(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function on some worker, and return what it gives; a lost worker's call goes to another one.

        Raises
        ------
        BatchError
            When the connection was lost.
        LostError
            When it was closed.
        """

        async def run() -> T:
            future = self._client.submit(function, *arguments, pure=False)
            try:
                found: T = await future
            except CancelledError:  # by Dask: that of asyncio is another
                there = self._client.status == "running"
                self._lose("the cluster let go of what it was given" if there else _GONE)
                raise
            finally:
                future.release()
            return found

        return self._ask(run())

    def close(self) -> None:
        """Let go of the cluster, and of everything that it still has to do; at once."""
        with self._lock:
            first, self._closed = not self._closed, True
        if first:
            self._wake()
            with suppress(RuntimeError):  # it may have ended
                asyncio.run_coroutine_threadsafe(self._leave(), self._loop)
        # Longer than it can need, unless it hangs: it must not keep this process.
        self._thread.join(3 * FAREWELL)

    def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        """Have something done on the loop, and wait for it, but not longer than for the connection's end."""
        with self._lock:
            if self._lost or self._closed:
                work.close()
                raise self._gone()
            asked = asyncio.run_coroutine_threadsafe(work, self._loop)
            self._asked.add(asked)
        try:
            return asked.result()
        except CancelledError:
            raise self._gone() from None
        finally:
            asked.cancel()
            with self._lock:
                self._asked.discard(asked)

    def _gone(self) -> Exception:
        if not self._lost:
            return LostError()
        return BatchError(
            f"{self.address}: {self._lost}. What was made is kept: when the cluster is there again, run the same "
            "command again to make the rest."
        )

    def _lose(self, why: str) -> None:
        with self._lock:
            self._lost = self._lost or why
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            asked = list(self._asked)
        for future in asked:
            future.cancel()

    # -- On the loop -------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            with _quiet():
                self._loop.run_forever()
        finally:
            self._loop.close()

    async def _connect(self) -> None:
        from distributed import Client, Security

        encrypted = self.address.startswith(("tls://", "wss://"))
        if encrypted and not Security().get_connection_args("client").get("ssl_context"):
            raise UsageError(
                f"{self.address}: an encrypted connection needs certificates. Name them in Dask's configuration: "
                "distributed.comm.tls.ca-file, and cert and key under distributed.comm.tls.client."
            )
        try:
            async with asyncio.timeout(PATIENCE):
                # Asked first, and once: Dask tries for as long as it may, whatever the reason.
                _, writer = await asyncio.open_connection(self._host, self._port)
                writer.close()
        except (OSError, TimeoutError) as error:
            raise UsageError(f"{self.address}: no Dask scheduler answers there ({_words(error)}). {_REMEDY}") from None
        self._client = Client(self.address, timeout=PATIENCE, set_as_default=False, asynchronous=True)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._client
        except Exception as error:  # noqa: BLE001 - whatever comes of a talk with a stranger: it is shown
            what = f"what answers there is no Dask scheduler, or not one for this address ({_words(error)})"
            raise UsageError(f"{self.address}: {what}. {_REMEDY}") from None
        self._watching = asyncio.create_task(self._watch())

    async def _threads(self) -> dict[str, int]:
        return dict(await self._client.nthreads())

    async def _watch(self) -> None:
        """Look whether the scheduler is there, and whether it has workers."""
        clock = self._loop.time
        seen, told = clock(), False
        while True:
            await asyncio.sleep(LOOK)
            if self._client.status != "running":
                return self._lose(_GONE)
            try:
                async with asyncio.timeout(SILENCE):
                    workers = await self._threads()
            except TimeoutError:
                return self._lose(f"the scheduler did not answer for {SILENCE:.0f} seconds")
            except OSError:
                return self._lose(_GONE)
            if workers:
                if told:
                    self._on_note(f"{self.address}: the cluster has workers again, and goes on.")
                seen, told = clock(), False
            elif not told and clock() - seen >= WORKERLESS:
                self._on_note(
                    f"{self.address}: the cluster has no workers any more. Waiting for one: dask worker {self.address} "
                    "--nthreads 1 --nworkers auto (Ctrl-C stops; what was made is kept.)"
                )
                told = True

    async def _leave(self) -> None:
        """Say farewell to the scheduler, and end the loop."""
        try:
            ours = asyncio.current_task()
            others = [task for task in (self._watching,) if task is not None]
            for task in others:
                task.cancel()
            await asyncio.sleep(0)  # for what was cancelled to let go of what it waited for
            if self._client is not None:
                with suppress(Exception):
                    await self._client.close(timeout=FAREWELL)
                # It would otherwise try again when it is thrown away.
                self._client.status = "closed"
            left = [task for task in asyncio.all_tasks() if task is not ours]
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=FAREWELL)
        finally:
            self._loop.stop()


def _parts_of(address: str) -> tuple[str, int]:
    """Return host and port of an address."""
    from distributed.comm.registry import backends

    try:
        found = urlsplit(address if "://" in address else f"tcp://{address}")
        scheme, host, port = found.scheme, found.hostname, found.port
    except ValueError:  # a port that is none
        scheme, host, port = "tcp", "", None
    if scheme not in backends or not host or not port:
        known = "tcp, tls, ws or wss"
        raise UsageError(
            f"{address}: is no address of a Dask scheduler. Write what `dask scheduler` prints when it starts, such as "
            f"tcp://10.0.0.5:8786: {known}, the host, and the port."
        )
    return host, port


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError) and not str(error):
        return f"no answer within {PATIENCE:.0f} seconds"
    # What it said was read as a length, or it does not know what it was asked: a web server, a worker.
    if isinstance(error, (MemoryError, struct.error, TypeError, AttributeError)):
        return "it does not speak as a scheduler does"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return str(error) or type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log out of the way: what a user must know is said in words of ours."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    before = {logger: logger.level for logger in map(logging.getLogger, names) if logger.level}
    for logger in before:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)
