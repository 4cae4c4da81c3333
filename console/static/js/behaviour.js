// What makes the page better with script: theme switch, toasts, selection, focus after a refused form or a swap.
// Every listener is delegated from the document, so swapped parts need no wiring.
(() => {
  "use strict";
  const TOAST_STAYS = 12_000; // ms; the clock stands still while the toast is hovered or holds focus

  // Theme: shown at once, kept by posting the form in the background.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-switch]")) return;
    event.preventDefault();
    const button = form.querySelector("button"), root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = isDark ? "light" : "dark";
    const body = new FormData(form);
    body.set("theme", theme);
    root.dataset.theme = theme;
    button.value = isDark ? "dark" : "light";
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });

  // Toasts: one at a time, gone after a while, never under the user's hand.
  const watchToast = (toast) => {
    let left = TOAST_STAYS, since = Date.now(), timer = setTimeout(() => toast.remove(), left);
    const stop = () => { clearTimeout(timer); left -= Date.now() - since; };
    const go = () => { since = Date.now(); clearTimeout(timer); timer = setTimeout(() => toast.remove(), Math.max(left, 2_000)); };
    toast.dataset.toast = "watched";
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("pointerleave", go);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("focusout", go);
  };

  // Selection of rows.
  const countPicked = (form) => {
    const picked = form.querySelectorAll("tbody .pick input:checked").length, place = form.querySelector("[data-picked-count]");
    if (place) place.textContent = new Intl.NumberFormat(document.documentElement.lang || "en").format(picked) + " ✓";
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form"), all = event.target.matches("[data-pick-all]");
    if (!form || !event.target.closest(".pick")) return;
    if (all) form.querySelectorAll("tbody .pick input").forEach((box) => { box.checked = event.target.checked; });
    countPicked(form);
  });

  // A refused form is read from its summary; its links lead into the fields.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".errors a[href^='#']");
    if (!link) return;
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
  });

  // A feed that renews itself can be held: <button data-pause="id of the list">.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pause]");
    if (!button) return;
    const isPaused = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isPaused));
    document.getElementById(button.dataset.pause)?.toggleAttribute("data-paused", isPaused);
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.closest?.("[data-paused]")) event.preventDefault();
  });

  const settle = () => {
    document.querySelectorAll("[data-toast='']").forEach(watchToast);
    document.querySelector("[data-focus]")?.focus();
    document.querySelectorAll("[data-focus]").forEach((place) => place.removeAttribute("data-focus"));
  };
  settle();
  document.addEventListener("htmx:after:swap", (event) => {
    settle();
    // What replaces the page's main part takes focus on its heading.
    if (event.detail?.ctx?.target?.id === "main") document.querySelector("main h1")?.focus();
  });
})();
