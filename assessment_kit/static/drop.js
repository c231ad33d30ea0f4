/*
 * Where a file is dropped or chosen. It goes to the kernel in pieces, each after the last one has arrived: one message
 * of a whole export would be more than the connection takes.
 */
const PIECE = 1 << 20;

function render({ model, el }) {
  const ended = new AbortController();
  const { signal } = ended;
  const zone = document.createElement("div");
  zone.className = "aki-drop";
  const label = document.createElement("span");
  label.textContent = "Drop a ticket export here, or";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "aki-choose";
  button.textContent = "Choose files …";
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.hidden = true;
  input.tabIndex = -1;
  const state = document.createElement("span");
  state.className = "aki-drop-state";
  state.setAttribute("role", "status");
  const promise = document.createElement("span");
  promise.className = "aki-drop-promise";
  promise.textContent = "Figures are kept; descriptions and names of people are not.";
  zone.append(label, button, promise, input, state);
  el.append(zone);
  el.style.inlineSize = "100%";

  let arrived = null; // called when the kernel has the last piece
  let sending = false;
  model.on("msg:custom", acknowledged);
  model.on("change:said", showState);
  showState();
  button.addEventListener("click", () => input.click(), { signal });
  input.addEventListener(
    "change",
    () => {
      send([...input.files]);
      input.value = "";
    },
    { signal },
  );

  // The whole cell takes the file: the form below is what people look at.
  const place = () => el.closest(".jp-OutputArea") ?? el.closest(".aki-shell") ?? zone;
  let around = null;
  const listen = new ResizeObserver(() => {
    if (!el.isConnected || around) return;
    around = place();
    for (const name of ["dragenter", "dragover"]) around.addEventListener(name, over, { signal });
    around.addEventListener("dragleave", leave, { signal });
    around.addEventListener("drop", drop, { signal });
  });
  listen.observe(zone);

  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  function over(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    zone.toggleAttribute("data-over", true);
  }

  function leave(event) {
    if (!around.contains(event.relatedTarget)) zone.toggleAttribute("data-over", false);
  }

  function drop(event) {
    zone.toggleAttribute("data-over", false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    send([...event.dataTransfer.files]);
  }

  function showState(text) {
    state.textContent = typeof text === "string" ? text : model.get("said");
    button.disabled = sending;
    promise.hidden = Boolean(state.textContent);
  }

  function acknowledged(message) {
    if (message?.type === "got" && arrived) arrived();
  }

  async function send(files) {
    if (sending || !files.length) return;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > model.get("most")) {
      const most = Math.round(model.get("most") / 1e6);
      showState(`That is more than ${most} MB. Use the command: assessment-kit import FILE --team NAME`);
      return;
    }
    sending = true;
    let sent = 0;
    try {
      await ask({ type: "start", files: files.map((file) => file.name) });
      for (const [index, file] of files.entries()) {
        for (let from = 0; from < file.size; from += PIECE) {
          const piece = await file.slice(from, from + PIECE).arrayBuffer();
          await ask({ type: "piece", file: index }, [piece]);
          sent += piece.byteLength;
          showState(`Sending … ${Math.floor((100 * sent) / Math.max(1, size))} %`);
        }
      }
      sending = false;
      showState("Reading …");
      model.send({ type: "end" });
    } catch (error) {
      // A folder, or a file that was moved away in the meantime.
      showState(`This cannot be read by the browser (${error.message}). Choose the file itself.`);
    } finally {
      sending = false;
      button.disabled = false;
    }
  }

  function ask(content, buffers) {
    return new Promise((resolve) => {
      arrived = resolve;
      model.send(content, undefined, buffers);
    });
  }

  return () => {
    ended.abort();
    listen.disconnect();
    model.off("msg:custom", acknowledged);
    model.off("change:said", showState);
  };
}

export default { render };
