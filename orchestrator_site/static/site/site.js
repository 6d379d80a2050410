// Small conveniences; every page works without them. Listens on the document, so swapped-in parts need no set-up.
(() => {
  "use strict";
  const root = document.documentElement;
  const DONE_MS = 12000;

  const showChoices = () => {
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      if (button !== root) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === root.dataset.themeChoice));
    }
    for (const button of document.querySelectorAll("[data-menu-fold]")) {
      button.setAttribute("aria-pressed", String(root.dataset.menu === "narrow"));
    }
  };

  const showMessage = (text) => {
    const region = document.getElementById("messages");
    const made = document.getElementById("message-template").content.firstElementChild.cloneNode(true);
    made.querySelector(".message-text").textContent = text;
    region.append(made);
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button.previousElementSibling);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      return;
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy], [data-dismiss], [data-menu-open], [data-menu-fold], button[data-theme-choice], [data-unfold]");
    if (!target) return;
    if (target.dataset.copy !== undefined) copy(target);
    if (target.dataset.dismiss === "message") target.closest(".message").remove();
    if (target.dataset.menuOpen !== undefined) {
      target.setAttribute("aria-expanded", String(root.classList.toggle("menu-open")));
    }
    if (target.dataset.menuFold !== undefined) {
      window.look.foldMenu(root.dataset.menu === "narrow" ? "wide" : "narrow");
      showChoices();
    }
    if (target.dataset.themeChoice) {
      window.look.chooseTheme(target.dataset.themeChoice);
      showChoices();
    }
    if (target.dataset.unfold !== undefined) {
      const folds = document.querySelectorAll(`${target.dataset.within || "main"} details`);
      for (const fold of folds) fold.open = target.dataset.unfold === "all";
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("menu-open")) {
      root.classList.remove("menu-open");
      const opener = document.querySelector("[data-menu-open]");
      opener.setAttribute("aria-expanded", "false");
      opener.focus();
    }
  });

  // A form that was sent is not sent twice by a second click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  // The kind of a union: the page comes again with the fields of that kind.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("select[data-shows]")) return;
    const { form } = event.target;
    form.requestSubmit(event.target.closest("fieldset").querySelector("[data-show-kind]"));
  });

  // A select such as "rows per page" that leads to another address.
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-go]")) location.assign(event.target.value);
  });

  // What succeeded may leave by itself, unless someone is reading it; what failed stays.
  const fade = () => {
    for (const done of document.querySelectorAll(".message-success:not([data-fading])")) {
      done.dataset.fading = "yes";
      const go = () => (done.matches(":hover, :focus-within") ? setTimeout(go, DONE_MS) : done.remove());
      setTimeout(go, DONE_MS);
    }
  };

  document.addEventListener("htmx:afterSwap", () => { showChoices(); fade(); });
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) showMessage("You do not have permission, or you have been signed out. Reload the page.");
    else showMessage(`The server answered ${status}. Nothing was changed here; try again.`);
  });
  document.addEventListener("htmx:sendError", () => {
    if (!document.querySelector("#messages [data-offline]")) {
      showMessage("The server is not responding. This page may be out of date; retrying.");
      document.querySelector("#messages .message:last-child").dataset.offline = "yes";
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) document.querySelector("#messages [data-offline]")?.remove();
  });

  // The address of a filtered list names only what is filtered.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches(".filters")) return;
    const { formData } = event.detail;
    for (const [name, value] of [...formData.entries()]) if (value === "") formData.delete(name);
  });

  // What runs is counted on here, so that a page on which nothing else changes need not be sent for it. As moments.py spells.
  const pair = (seconds, large, largeName, small, smallName) => {
    const second = Math.floor((seconds % large) / small);
    return `${Math.floor(seconds / large)} ${largeName}${second ? ` ${second} ${smallName}` : ""}`;
  };
  const spell = (seconds) => {
    if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 60) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    if (whole < 3600) return pair(whole, 60, "min", 1, "s");
    return whole < 86400 ? pair(whole, 3600, "h", 60, "min") : pair(whole, 86400, "d", 3600, "h");
  };
  const relative = (seconds) => {
    const distance = Math.abs(seconds);
    if (distance < 45) return seconds >= 0 ? "just now" : "in a moment";
    const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60]].find(([, length]) => Math.round(distance / length) >= 1) || ["minute", distance];
    const words = `${Math.round(distance / size)} ${unit}${Math.round(distance / size) === 1 ? "" : "s"}`;
    return seconds > 0 ? `${words} ago` : `in ${words}`;
  };
  const began = new WeakMap();
  const tick = () => {
    for (const element of document.querySelectorAll("[data-lasts], [data-ago]")) {
      const { lasts, ago } = element.dataset;
      const now = performance.now() / 1000;
      if (!began.has(element)) began.set(element, now - Number(lasts ?? ago));
      const seconds = now - began.get(element);
      const text = lasts === undefined ? relative(seconds) : spell(seconds);
      if (element.textContent !== text) element.textContent = text;
    }
  };
  Object.assign(window.look, { spell, relative });
  setInterval(tick, 1000);

  // A link to a step that is folded away: the page with that fold open.
  const unfoldTarget = () => {
    const id = location.hash.slice(1);
    const address = new URL(location);
    const closed = document.getElementById(id)?.closest(".steps-fold:not([open])");
    if (closed) { closed.open = true; document.getElementById(id).scrollIntoView(); }
    if (!id.startsWith("step-") || document.getElementById(id) || !document.querySelector(".steps-fold")) return;
    if (address.searchParams.get("at") === id) return;
    address.searchParams.set("at", id);
    location.replace(address);
  };
  addEventListener("hashchange", unfoldTarget);
  unfoldTarget();

  // A part that takes the place of an open one keeps what the reader has unfolded in it, the focus, and how far panels are scrolled.
  const focusAndScrolling = (target) => {
    const scrolled = [...target.querySelectorAll("[id], [hx-preserve] *")].filter((part) => part.scrollTop || part.scrollLeft);
    const kept = scrolled.map((part) => ({ part, top: part.scrollTop, left: part.scrollLeft }));
    return target.contains(document.activeElement) ? [...kept, { part: document.activeElement, focus: true }] : kept;
  };
  const successor = (part) => {
    if (part.isConnected || part.id) return part.isConnected ? part : document.getElementById(part.id);
    const within = document.getElementById(part.closest("[id]")?.id);
    const alike = (other) => other.textContent === part.textContent && other.getAttribute("href") === part.getAttribute("href");
    return [...(within?.querySelectorAll(part.localName) ?? [])].find(alike);
  };
  const restore = (kept) => {
    for (const { part, top, left, focus } of kept) {
      const now = successor(part);
      if (now && !focus) now.scrollTo({ top, left, behavior: "instant" });
      else if (now && now !== document.activeElement) now.focus({ preventScroll: true });
    }
  };

  // One of several parts of an answer. A dialog that somebody has open is not replaced.
  let keptOfPart = [];
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.querySelector(":popover-open")) { event.detail.shouldSwap = false; return; }
    for (const fold of target.querySelectorAll("details[id]")) {
      const fresh = fragment.querySelector(`[id="${fold.id}"]`);
      if (fresh) fresh.open = fold.open;
    }
    keptOfPart = focusAndScrolling(target);
  });
  document.addEventListener("htmx:oobAfterSwap", () => { restore(keptOfPart); keptOfPart = []; });

  // The answer itself. An identical one is not swapped in at all.
  const last = new Map();
  let unfolded = new Map();
  let kept = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse, requestConfig, shouldSwap } = event.detail;
    if (!target.id || requestConfig.verb !== "get" || !shouldSwap) return;
    if (last.get(target.id) === serverResponse) { event.detail.shouldSwap = false; return; }
    last.set(target.id, serverResponse);
    unfolded = new Map([...target.querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]));
    kept = focusAndScrolling(target);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const [id, open] of unfolded) {
      const fold = document.getElementById(id);
      if (fold) fold.open = open;
    }
    restore(kept);
    unfolded = new Map();
    kept = [];
  });

  // What was typed before a sign-in is shown in its form again, without a press of a button.
  document.querySelector("form[data-goes-on]")?.requestSubmit();

  showChoices();
  fade();
})();
