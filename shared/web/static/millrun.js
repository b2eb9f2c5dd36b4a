// The little that HTML cannot do by itself. Everything works without it, only less smoothly.

// An open menu closes when one clicks elsewhere or presses Escape.
const closeMenus = (except) =>
  document.querySelectorAll("details[data-menu][open], details.sure[open]").forEach((menu) => {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  });
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

// A form is sent once; the button says so until the answer comes.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  (event.submitter || form).classList.add("is-sending");
});
window.addEventListener("pageshow", () =>
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".is-sending").forEach((part) => part.classList.remove("is-sending"));
  }),
);

// A copy button puts what it stands for on the clipboard and shows that it did.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-copied");
  setTimeout(() => button.classList.remove("is-copied"), 1500);
});

// What only one of several choices needs opens when that one is chosen.
document.addEventListener("change", (event) => {
  const { name, value, form } = event.target;
  form
    ?.querySelectorAll(`details[data-open-with="${CSS.escape(name)}=${CSS.escape(value)}"]`)
    .forEach((details) => (details.open = true));
});
