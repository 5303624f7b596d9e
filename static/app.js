// Everything works without this file; it makes the vendored components lively.
import { keep, watch } from "./session.js";
import { initAll } from "./vendor/govuk-frontend-6.6.0/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const session = document.querySelector("[data-session]");
if (session) watch(session);

// "Leave this site" hides the page and goes; what was typed is kept, and leave.js then sees to it
// that Back does not return.
window.addEventListener("pagehide", () => {
  if (document.body.classList.contains("govuk-exit-this-page-hide-content")) {
    sessionStorage.setItem("left", document.querySelector(".govuk-js-exit-this-page-button").href);
    if (session) keep(session, { left: true });
  }
});
