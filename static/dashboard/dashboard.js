// Confirm dialogs, toasts, Ctrl+Enter, unsaved changes, templates. Pages work without it.
"use strict";

const SUCCESS_STAYS_MS = 6000;

function leaveLater(toast) {
  if (toast.dataset.level === "error") return;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), SUCCESS_STAYS_MS); };
  const pause = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

function showToast({ text, level }) {
  const template = document.getElementById(level === "error" ? "toast-error" : "toast");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  document.getElementById("toasts").append(toast);
  leaveLater(toast);
}

document.querySelectorAll(".toast").forEach(leaveLater);
document.addEventListener("toast", (event) => showToast(event.detail));
document.addEventListener("htmx:error", () =>
  showToast({ level: "error", text: "The server did not answer. Nothing was changed; try again." }));
document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest(".toast").remove();
});

// A link with hx-target="#dialog" brings a question; the dialog opens when it has arrived.
const dialog = document.getElementById("dialog");
document.addEventListener("htmx:after:swap", () => {
  if (dialog && dialog.childElementCount && !dialog.open) dialog.showModal();
});
dialog?.addEventListener("close", () => dialog.replaceChildren());
dialog?.addEventListener("click", (event) => {
  const keep = event.target.closest("[data-keep]");
  if (!keep) return;
  event.preventDefault();
  dialog.close();
});

// Copying needs a secure address; elsewhere the link itself is there to take.
if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      showToast({ level: "success", text: "Copied." });
    });
  });
}

// The button that a form is sent with; with a formTarget it only fills a frame.
const mainButton = (form) =>
  document.querySelector(`.posting[form="${form.id}"]`) ?? form.querySelector("[data-busy]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form ?? event.target.closest("form");
  if (!form?.matches("[data-quick]")) return;
  event.preventDefault();
  form.requestSubmit(mainButton(form));
});

const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-guard]")) changed.add(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post") || event.submitter?.formTarget) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  changed.delete(form);
  const button = event.submitter?.hidden ? mainButton(form) : event.submitter ?? mainButton(form);
  if (!button?.dataset.busy) return;
  form.dataset.sent = "yes";
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});
window.addEventListener("beforeunload", (event) => {
  if (changed.size) event.preventDefault();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

(document.querySelector(".summary") ?? document.querySelector("[aria-invalid=true]"))?.focus();
