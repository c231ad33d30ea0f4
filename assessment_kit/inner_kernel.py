"""The kernel of a process that runs one notebook and ends: Jupyter's own, less the sockets and threads around it.

The cells run in the process that reads the notebook, under ipykernel's shell; its messages go straight to nbclient,
which makes the outputs of them. So the outputs are those of papermill's own engine, to the letter, at a fraction of the
cost. What a stock kernel reads from the home folder of whoever runs it (start-up scripts, a configuration) is left
alone: a report does not depend on it.

Only a process of its own may use this: the notebook changes directories, modules and the standard streams as it likes.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TextIO

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from jupyter_core.utils import ensure_event_loop, run_sync
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.log import logger
from tornado.ioloop import IOLoop
from traitlets.config import Config

from assessment_kit.inner_streams import OFTEN, Stream


class Listener(Protocol):
    """Whoever wants to know how far the notebook is."""

    def started(self, number: int) -> None:
        """Cell ``number`` starts."""

    def told(self, number: int, cell: NotebookNode, *, ended: bool, failed: bool) -> None:
        """Cell ``number`` has new outputs, or has ended."""


class _Session(Session):
    """Takes a message as a kernel sends it and hands it to whoever listens, as if it had gone over the wire."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.deliver: Callable[[str, dict[str, Any]], None] = lambda channel, message: None

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any]:
        if isinstance(msg_or_type, dict):
            message = dict(msg_or_type)
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        # There and back: a tuple arrives as a list, and what JSON does not hold is refused where the stock kernel does.
        message["content"] = self.unpack(self.pack(message["content"]))
        message["buffers"] = [memoryview(part) for part in buffers or ()]
        self.deliver("shell" if stream == "shell" else "iopub", message)
        return message


class _Kernel(IPythonKernel):
    def _abort_queues(self, *arguments: Any, **named: Any) -> None:
        """Nothing waits in a queue: the client stops by itself."""


class _Channel:
    """One channel of the client: messages in the order in which they came."""

    def __init__(self) -> None:
        self.waiting: deque[dict[str, Any]] = deque()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        # Everything a cell has to say is here before its reply is: nothing is ever waited for.
        return self.waiting.popleft()


@contextmanager
def _without_debugger() -> Iterator[None]:
    """Keep ipykernel from loading the debugger, which hooks into the interpreter and starts threads."""
    known = sys.modules.get("debugpy")
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # the import system's way to say: there is none
    try:
        yield
    finally:
        del sys.modules["debugpy"]
        if known is not None:
            sys.modules["debugpy"] = known


class InnerKernel:
    """A kernel in this process, and what nbclient needs to speak to it.

    Made before a process forks, it is as new in every child: no cell ran in it.

    Parameters
    ----------
    home
        A folder for what IPython would keep in the user's home.
    """

    def __init__(self, home: Path) -> None:
        session = _Session(key=b"")
        config = Config()
        config.HistoryManager.enabled = False  # no database, and no thread that writes it
        config.HistoryManager.hist_file = ":memory:"
        profile = ProfileDir(location=str(home / "ipython"), config=config)
        environment, hook = dict(os.environ), sys.displayhook
        with _without_debugger():
            self.kernel: Any = _Kernel(
                session=session,
                compiler_class=XCachingCompiler,
                profile_dir=profile,
                config=config,
                log=logging.getLogger(__name__),
            )
        # The shell makes the environment one for a terminal in a browser; that is for the notebook, not for us.
        self._environment = {name: value for name, value in os.environ.items() if environment.get(name) != value}
        os.environ.clear()
        os.environ.update(environment)
        sys.displayhook = hook
        self.kernel.shell_channel_thread = self  # where cells with a top-level await look for the main thread
        self.kernel._execute_sleep = 0.0  # it waits for sockets
        self.session = session
        self.shell_channel, self.iopub_channel = _Channel(), _Channel()
        session.deliver = self._deliver
        #: Takes a message of the running cell and tells whether it is dealt with.
        self.on_message: Callable[[dict[str, Any]], bool] = lambda message: False
        self._request = ""

    @property
    def parent_thread(self) -> threading.Thread:
        """The thread that runs the cells."""
        return threading.main_thread()

    def _deliver(self, channel: str, message: dict[str, Any]) -> None:
        if channel == "shell":
            self.shell_channel.waiting.append(message)
        # What a thread of an earlier cell says belongs to no cell any more, as nbclient sees it too.
        elif message["parent_header"].get("msg_id") == self._request and not self.on_message(message):
            self.iopub_channel.waiting.append(message)

    async def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True, **_: Any) -> str:
        """Run a cell and return the number of the request (nbclient's protocol)."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        request = self.session.msg("execute_request", content)
        self._request = str(request["header"]["msg_id"])
        self.kernel.set_parent([], request)
        self.kernel.io_loop = IOLoop.current()  # where cells with a top-level await look for it
        await self.kernel.execute_request("shell", [], request)
        self.kernel._publish_status("idle", "shell")
        return self._request

    async def is_alive(self) -> bool:
        """Say that the kernel lives: who asks runs in the same process."""
        return True

    def forget(self) -> None:
        """Make room for another kernel: everything of this one is given up, its event loop too."""
        # A forked process would share the loop's file descriptors with its brothers.
        ensure_event_loop().close()
        for kind in (self.kernel, self.kernel.shell):
            type(kind).clear_instance()

    @contextmanager
    def running(
        self, relieved: Callable[[], AbstractContextManager[None]], stray: tuple[int, int] | None
    ) -> Iterator[None]:
        """Give the cells their streams and their environment.

        Parameters
        ----------
        relieved
            Lifts the limit of memory for a moment.
        stray
            Files that the descriptors 1 and 2 lead to, None where they lead out of here.
        """
        before: tuple[TextIO, TextIO] = sys.stdout, sys.stderr
        out, err = stray or (None, None)
        sys.stdout, sys.stderr = Stream("stdout", self.kernel, 1, out), Stream("stderr", self.kernel, 2, err)
        os.environ.update(self._environment)
        shell, show = self.kernel.shell, self.kernel.shell.showtraceback

        def with_relief(*arguments: Any, **named: Any) -> None:
            with relieved():
                show(*arguments, **named)

        shell.showtraceback = with_relief
        if "" not in sys.path:
            sys.path.insert(0, "")  # as a kernel has it: modules in the working directory
        try:
            yield
        finally:
            del shell.showtraceback
            sys.stdout, sys.stderr = before


class InnerClient(PapermillNotebookClient):
    """papermill's client over an :class:`InnerKernel`."""

    def __init__(self, manager: NotebookExecutionManager, inner: InnerKernel, listener: Listener, **named: Any) -> None:
        super().__init__(manager, log=logger, **named)
        self._inner = inner
        self._listener = listener
        self._told = 0.0
        self._outputs: list[NotebookNode] = []
        inner.on_message = self._on_message

    def execute(self, **_: Any) -> NotebookNode:
        """Run every cell until one fails (papermill's protocol)."""
        self.reset_execution_trackers()
        self.kc = self._inner
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = json.loads(json.dumps(self._inner.kernel.language_info))
        self.set_widgets_metadata()
        return self.nb

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> NotebookNode:
        """Run one cell, and tell of it."""
        self._listener.started(cell_index)
        self._cell, self._number, self._told = cell, cell_index, 0.0
        if cell.cell_type == "code":
            cell.outputs = self._outputs = []
            self.clear_before_next_output = False
        failed = False
        try:
            return await super().async_execute_cell(cell, cell_index, execution_count, store_history)
        except CellExecutionError:
            failed = True
            raise
        finally:
            self._listener.told(cell_index, cell, ended=True, failed=failed)

    execute_cell = run_sync(async_execute_cell)

    def _on_message(self, message: dict[str, Any]) -> bool:
        """Put an output into the cell at once: a process that dies in mid-cell has then told what there was."""
        kind = message["msg_type"]
        if kind == "status":
            return False  # the end of the cell, for which nbclient waits
        self.process_message(message, self._cell, self._number)
        # A result is a cell's last word, which its end tells of.
        if kind in _SHOWN and time.monotonic() - self._told > OFTEN:
            self._told = time.monotonic()
            self._listener.told(self._number, self._cell, ended=False, failed=False)
        return True

    def _update_display_id(self, display_id: str, msg: dict[str, Any]) -> None:
        """Change what was shown before, and tell of the earlier cells in which it was."""
        super()._update_display_id(display_id, msg)
        for number in self._display_id_map.get(display_id, ()):
            if number != self._number:
                self._listener.told(number, self.nb.cells[number], ended=False, failed=False)

    def process_message(self, message: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Make an output of a message (nbclient's protocol)."""
        if message["msg_type"] == "status":
            # nbclient takes the request for sent and not for done, and has emptied the cell meanwhile.
            cell.outputs = self._outputs
        return super().process_message(message, cell, cell_index)


_SHOWN = frozenset({"display_data", "stream", "update_display_data"})
