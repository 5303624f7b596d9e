// Warns before the sign-in ends, tells the server that somebody types, and keeps what they typed.
const WARNING = 120_000; // milliseconds before the end
const QUIET = 60_000; // between two words to the server that somebody is typing

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

const tell = (url) => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token() });
  return fetch(url, { method: "POST", body }).then((reply) => reply.json());
};

/** The form of this page into which something was typed. */
const typed = () =>
  [...document.querySelectorAll("main form[method=post]")].find((form) =>
    [...form.elements].some(
      (each) =>
        (each.type !== "hidden" && "defaultValue" in each && each.value !== each.defaultValue) ||
        each.checked !== each.defaultChecked ||
        [...(each.options ?? [])].some((option) => option.selected !== option.defaultSelected && option.value),
    ),
  );

/** Keep what was typed; `left` in a hurry, which is not shown again unasked. */
export const keep = (banner, { left }) => {
  const form = typed();
  if (!form) return false;
  const words = new FormData(form);
  for (const [name, value] of [...words]) if (value instanceof File) words.delete(name);
  const { pathname } = new URL(form.action, window.location.href);
  const asked = new URLSearchParams({ path: pathname, ...(left ? { left: "" } : {}) });
  return navigator.sendBeacon(`${banner.dataset.keep}?${asked}`, words);
};

export const watch = (banner) => {
  let ends = Date.parse(banner.dataset.ends);
  let told = Date.now();

  const later = ({ ends: instant }) => {
    ends = Date.parse(instant);
    banner.hidden = true;
    plan();
  };
  const end = () => {
    keep(banner, { left: false });
    setTimeout(() => window.location.reload(), 2_000);
  };
  // Another tab may have gone on meanwhile: ask before the banner is shown, and before the end.
  const check = async () => {
    const reply = await fetch(banner.dataset.ask, { redirect: "manual" }).catch(() => null);
    if (!reply?.ok) return end();
    const present = await reply.json();
    if (Date.parse(present.ends) > ends + 1_000) return later(present);
    if (!banner.hidden) return end();
    banner.hidden = false;
    setTimeout(check, Math.max(0, ends - Date.now() - 1_000));
  };
  const plan = () => setTimeout(check, Math.max(0, ends - Date.now() - WARNING));

  banner.querySelector("button").addEventListener("click", () => tell(banner.dataset.stay).then(later));
  document.addEventListener("input", () => {
    if (Date.now() - told < QUIET) return;
    told = Date.now();
    tell(banner.dataset.stay).then(({ ends: instant }) => {
      ends = Date.parse(instant);
    }, () => {});
  });
  plan();
};
