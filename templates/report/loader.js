/*
 * Draws the charts of a page from the specifications that stand in it as data.
 *
 * akStart({watch, config, narrow, narrowConfig}) draws every figure[data-ak-chart], one after the other, from top to bottom. With watch it also
 * draws those that appear later (JupyterLab). A drawn figure has data-ak-state "drawn" and its Vega view in akView; one
 * that cannot be drawn says so and keeps its table.
 *
 * Nothing here can load anything: Vega's loader is replaced by one that refuses, expressions are interpreted rather than
 * compiled (so a strict Content-Security-Policy holds), and texts are set as text, never as HTML.
 */
window.akStart = function (settings) {
  "use strict";
  const page = document.documentElement;
  // The loader may arrive twice, when the first cell of a notebook runs again.
  if (window.akRun) return window.akRun(settings);
  page.dataset.akScripts = "";

  const refuse = () => Promise.reject(new Error("a chart loads nothing"));
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

  /* -- Hover ------------------------------------------------------------------------------------------------------- */

  let tip = null;

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function words(value) {
    return value === null || value === undefined || value === "" ? "–" : String(value);
  }

  function fill(value) {
    if (typeof value !== "object") return [element("p", "ak-tip-text", words(value))];
    return Object.entries(value).map(([key, entry]) => {
      const row = element("div", "ak-tip-row");
      row.append(element("span", "ak-tip-key", key), element("span", "ak-tip-value", words(entry)));
      return row;
    });
  }

  function place(event) {
    const gap = 14, box = tip.getBoundingClientRect();
    const left = event.clientX + gap + box.width > page.clientWidth ? event.clientX - gap - box.width : event.clientX + gap;
    const top = event.clientY + gap + box.height > page.clientHeight ? event.clientY - gap - box.height : event.clientY + gap;
    tip.style.left = Math.max(4, left) + "px";
    tip.style.top = Math.max(4, top) + "px";
  }

  function hover(handler, event, item, value) {
    if (tip === null) {
      // Everything in it is in the table too: hidden from screen readers, which would hear it at random.
      tip = element("div", "ak ak-tip mathjax_ignore");
      tip.setAttribute("aria-hidden", "true");
      document.body.append(tip);
    }
    const shown = value !== null && value !== undefined && value !== "";
    tip.classList.toggle("ak-tip-shown", shown);
    if (!shown) return;
    tip.replaceChildren(...fill(value));
    place(event);
  }

  /* -- Tables that are wider than their place ------------------------------------------------------------------------ */

  const scrollers = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      // A keyboard can only scroll what can be focused; what needs no scrolling should not be a stop on its way.
      const wide = target.scrollWidth > target.clientWidth + 1;
      target.toggleAttribute("data-ak-wide", wide);
      // A region has its name already.
      if (target.matches("[role=region]")) continue;
      if (wide) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        const figure = target.closest("figure"), named = target.querySelector("caption") || (figure && figure.querySelector(".ak-title"));
        target.setAttribute("aria-label", "Table that scrolls sideways" + (named ? ": " + named.textContent : ""));
      } else for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  });

  /* -- Drawing ----------------------------------------------------------------------------------------------------- */

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const view = target.akView, width = target.clientWidth;
      // The window, JupyterLab's sidebar, a tab or a <details> may change it; 0 is hidden.
      if (view && width > 0 && Math.abs(view.width() - width) >= 1) view.width(width).runAsync();
    }
  });

  // A legend does not wrap by itself, and long names leave a phone no room for bars.
  function fitting(width) {
    const config = { ...settings.config };
    if (width < settings.narrow) {
      for (const [part, changes] of Object.entries(settings.narrowConfig)) config[part] = { ...config[part], ...changes };
    }
    return config;
  }

  async function draw(figure) {
    const plot = figure.querySelector(".ak-plot"), controls = figure.querySelector(".ak-controls");
    try {
      const specification = JSON.parse(figure.querySelector(".ak-specification").textContent);
      const follows = specification.width === "container";
      if (follows) specification.width = plot.clientWidth || 600;
      // Vega names the element it draws in, and every group of marks, "visualization". The plot keeps the alternative
      // that was written for it, and the drawing is hidden from screen readers.
      const ground = element("div", "ak-ground");
      ground.setAttribute("aria-hidden", "true");
      plot.replaceChildren(ground);
      const { view } = await window.akEmbed(ground, specification, {
        mode: "vega-lite", config: fitting(plot.clientWidth), renderer: "svg", ast: true, actions: false, defaultStyle: false,
        loader, tooltip: hover, bind: controls, logLevel: 1,
        // Vega-Lite's own "container" follows the window only, and warns about every chart whose height is in steps.
        patch: (compiled) => (follows ? { ...compiled, autosize: { type: "fit-x", contains: "padding" } } : compiled),
      });
      figure.akView = plot.akView = view;
      if (follows) resized.observe(plot);
      figure.dataset.akState = "drawn";
      figure.dispatchEvent(new CustomEvent("ak-drawn", { bubbles: true, detail: { view } }));
    } catch (error) {
      figure.dataset.akState = "failed";
      plot.replaceChildren(element("p", "ak-instead", "This chart could not be drawn. Its numbers are in the table below."));
      console.warn("chart " + figure.id + ": " + error.message);
    }
  }

  /* -- Landing where the address says ------------------------------------------------------------------------------- */

  // Drawings above the place may turn out higher than the room kept for them: until a second after the last one the place
  // is held. Whoever moves on is left alone.
  let landing = location.hash !== "";
  const held = new ResizeObserver(() => {
    const place = landing && document.querySelector(":target");
    if (place) place.scrollIntoView({ behavior: "instant" });
  });
  if (!settings.watch) held.observe(document.body);
  for (const moved of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(moved, () => { landing = false; }, { passive: true, capture: true });
  }
  addEventListener("hashchange", () => { landing = true; });

  const waiting = [];
  let busy = false;

  async function work() {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      await draw(waiting.shift());
      // Give the page back between two charts, so that it scrolls while the rest is drawn.
      await new Promise((next) => setTimeout(next));
    }
    busy = false;
    page.dataset.akCharts = "drawn";
    setTimeout(() => held.disconnect(), 1000);
  }

  function find(root) {
    // What other scripts do with a part of the page, such as the what-if of automating tasks.
    for (const part of window.akParts || []) part(root);
    for (const table of root.querySelectorAll(".ak-scroll")) scrollers.observe(table);
    const found = [...root.querySelectorAll("figure[data-ak-chart]:not([data-ak-state])")];
    if (root.matches && root.matches("figure[data-ak-chart]:not([data-ak-state])")) found.unshift(root);
    for (const figure of found) {
      figure.dataset.akState = "waiting";
      waiting.push(figure);
    }
    if (found.length) work();
  }

  window.akRun = function (given) {
    settings = given;
    find(document);
  };
  window.akRun(settings);

  if (settings.watch) {
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) find(node);
      }
    }).observe(document.body, { childList: true, subtree: true });
  }
};
