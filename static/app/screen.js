/* The big screen (大屏): shows one panel after the other and fetches the page anew, without hands.
   A server that does not answer, or a network that is down, is said in words; the last figures stay and the next try comes by itself. */
(() => {
  "use strict";
  const root = document.documentElement;
  const turn = Number(root.dataset.panelSeconds) * 1000, refresh = Number(root.dataset.refreshSeconds) * 1000;
  const patience = 20000;
  const place = document.querySelector("[data-panels]"), offline = document.querySelector("[data-offline]");
  let current = root.dataset.first;

  const panels = () => [...place.querySelectorAll("[data-panel]")];
  const show = (name) => {
    const all = panels();
    current = (all.find((panel) => panel.dataset.panel === name) || all[0]).dataset.panel;
    all.forEach((panel) => {
      const on = panel.dataset.panel === current;
      panel.classList.toggle("shown", on);
      panel.inert = !on;
    });
    document.querySelectorAll("[data-to]").forEach((link) => {
      if (link.dataset.to === current) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
  };
  const next = () => {
    const all = panels();
    show(all[(all.findIndex((panel) => panel.dataset.panel === current) + 1) % all.length].dataset.panel);
  };
  const say = (words) => { offline.textContent = words; offline.hidden = !words; };

  const renew = (page) => {
    place.querySelectorAll("[data-chart]").forEach((chart) => { const drawn = window.echarts && echarts.getInstanceByDom(chart); if (drawn) drawn.dispose(); });
    place.replaceChildren(...page.querySelector("[data-panels]").childNodes);
    document.querySelector(".screen-told").replaceChild(page.querySelector(".screen-told > span"), document.querySelector(".screen-told > span"));
    document.querySelector("[data-refreshed]").textContent = page.querySelector("[data-refreshed]").textContent;
    show(current);
    document.dispatchEvent(new CustomEvent("htmx:afterSwap"));  // charts.js draws what is new
  };
  const fetchAnew = async () => {
    const abort = new AbortController(), late = setTimeout(() => abort.abort(), patience);
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store", credentials: "same-origin", signal: abort.signal });
      if (new URL(answer.url).pathname !== location.pathname) { say("登录已失效，请重新登录"); return; }
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const ours = document.querySelector("script[src*='app/screen']").getAttribute("src");
      if (page.querySelector("script[src*='app/screen']").getAttribute("src") !== ours) { location.reload(); return; }
      renew(page);
      say("");
    } catch (error) {
      say("连接中断，正在重试");
    } finally {
      clearTimeout(late);
    }
  };

  root.classList.add("js");
  show(current);
  document.querySelectorAll("[data-to]").forEach((link) => link.addEventListener("click", (event) => { event.preventDefault(); show(link.dataset.to); }));
  setInterval(next, turn);
  setInterval(fetchAnew, refresh);
  window.addEventListener("online", fetchAnew);
  window.addEventListener("offline", () => say("网络已断开，数据未更新"));
})();
