// A browser sends nothing at all for a half-typed number or a date without its time: such a form is not sent, and the field says why.
(() => {
  "use strict";
  const SAID = "Not complete: finish it, or empty it.";

  const forget = (form) => {
    for (const said of form.querySelectorAll("[data-half-typed]")) {
      const input = document.getElementById(said.dataset.halfTyped);
      input?.classList.remove("is-invalid");
      input?.removeAttribute("aria-invalid");
      input?.removeAttribute("aria-errormessage");
      said.remove();
    }
  };

  const tell = (input) => {
    const said = document.createElement("div");
    input.id ||= `half-${input.name}`;
    said.id = `${input.id}-half`;
    said.dataset.halfTyped = input.id;
    said.className = "invalid-feedback d-block text-red-600";
    said.setAttribute("role", "alert");
    said.textContent = SAID;
    input.after(said);
    input.classList.add("is-invalid");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-errormessage", said.id);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    forget(form);
    const half = [...form.elements].filter((input) => input.validity?.badInput);
    if (!half.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    half.forEach(tell);
    half[0].focus();
  }, true);
})();
