/*
 * Keeps something in sight while nobody has touched the page: "Run All" ends at the notebook's last cell, and who opens
 * it for the first time would have to find the way back up to the choice of a team.
 */
const QUIET = 250; // ms without a movement until the page has come to rest
const PATIENCE = 60000; // ms until it is left alone anyway
const MARGIN = 96; // px above it that stay in sight

function render({ el }) {
  const ended = new AbortController();
  const { signal } = ended;
  const end = () => ended.abort();
  const shown = new ResizeObserver(() => {
    if (el.isConnected && el.offsetParent) {
      shown.disconnect();
      watch();
    }
  });
  el.style.inlineSize = "100%";
  el.style.blockSize = "1px";
  shown.observe(el);
  signal.addEventListener("abort", () => shown.disconnect());
  setTimeout(end, PATIENCE);
  for (const name of ["wheel", "touchstart", "pointerdown", "keydown"])
    window.addEventListener(name, end, { capture: true, passive: true, signal });

  function watch() {
    const scroller = el.closest(".jp-WindowedPanel-outer");
    if (!scroller || signal.aborted) return;
    // Kept as a number: a cell far out of sight is taken out of the page.
    const place = el.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    const settle = () => {
      if (signal.aborted) return;
      const away = place < scroller.scrollTop || place > scroller.scrollTop + scroller.clientHeight - MARGIN;
      if (away) scroller.scrollTop = Math.max(0, place - MARGIN);
      // Typed at once, the team's name goes where it belongs.
      else el.closest(".jp-OutputArea")?.querySelector("input[placeholder]")?.focus({ preventScroll: true });
    };
    let timer = setTimeout(settle, QUIET);
    scroller.addEventListener(
      "scroll",
      () => {
        clearTimeout(timer);
        timer = setTimeout(settle, QUIET);
      },
      { signal },
    );
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
  return end;
}

export default { render };
