/* Opens everything that is folded before the page is printed, and folds it again: paper has nothing to click. */
(() => {
  "use strict";
  if (window.akPaper) return;
  window.akPaper = true;
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
    opened = [];
  });
})();
