// Runs in the head, before anything is painted: theme and folded menu as this browser last had them.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } };
  const paint = () => {
    const chosen = read("theme") || "auto";
    root.dataset.themeChoice = chosen;
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  };
  root.classList.add("js");
  root.dataset.menu = read("menu") || "wide";
  paint();
  dark.addEventListener("change", paint);
  window.look = {
    chooseTheme(value) { write("theme", value); paint(); },
    foldMenu(value) { write("menu", value); root.dataset.menu = value; },
  };
})();
