// Single-key shortcuts: / find · g + letter section · j k rows · x select · Enter open (a link has focus) · ? help.
// Off in fields, under modifier keys, and where the user turned them off (data-shortcuts on body).
(() => {
  "use strict";
  const GO_WAIT = 1500; // ms in which the letter has to follow the g
  let going = 0;

  const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("th a"));
  const currentRow = () => document.activeElement.closest("table[data-rows] tbody tr");

  const move = (step) => {
    const all = rows(), at = all.indexOf(currentRow());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    next?.querySelector("th a").focus();
  };

  const find = () => {
    const field = document.getElementById("find");
    if (field?.offsetParent) field.focus();
    else document.querySelector(".mobilebar a")?.click();
  };

  const actions = {
    "/": find,
    "?": () => document.getElementById("shortcuts")?.togglePopover(),
    j: () => move(1),
    k: () => move(-1),
    x: () => currentRow()?.querySelector(".pick input")?.click(),
    g: () => { going = Date.now(); },
  };

  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    if (document.body.dataset.shortcuts !== "on" || !isPlain || isTyping(event.target)) return;
    const follows = Date.now() - going < GO_WAIT;
    going = 0;
    const section = follows && /^[a-z]$/.test(event.key) ? document.querySelector(`nav.menu [data-key="${event.key}"]`) : null;
    if (!section && !(event.key in actions)) return;
    event.preventDefault();
    if (section) section.click();
    else actions[event.key]();
  });
})();
