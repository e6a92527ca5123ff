/* What every page needs of script. Everything works without it, only a little less comfortably. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  // Menus (<details class="menu">): one open at a time; Escape and a click outside close them.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".note").remove();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // The summary of errors takes the focus, so that keyboard and screen readers start there.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A form is sent once; leaving a changed form asks first (data-guard).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") {
      form.dataset.sent = "1";
      form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
    }
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }));
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    window.addEventListener("beforeunload", (event) => { if (changed && !form.dataset.sent) event.preventDefault(); });
  });

  // <select data-submit>: choosing is enough; the button beside it stays for those without script.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    const all = event.target.closest("[data-check-all]");
    if (all) document.querySelectorAll(`input[name="${all.dataset.checkAll}"]`).forEach((box) => { box.checked = all.checked; });
  });

  // Said in the page, not lost: an htmx request that failed, a line that broke.
  const say = (text) => {
    const note = document.createElement("div");
    note.className = "note error"; note.setAttribute("role", "alert");
    note.textContent = text;
    const page = document.getElementById("content");
    page.querySelectorAll(":scope > .note[role=alert]").forEach((old) => old.remove());
    page.prepend(note);
  };
  document.addEventListener("htmx:responseError", () => say("操作没有完成，请刷新页面后重试。"));
  document.addEventListener("htmx:sendError", () => say("网络不通，内容未提交，请检查网络后重试。"));
  window.addEventListener("offline", () => say("网络已断开，恢复前请不要关闭正在填写的页面。"));
})();
