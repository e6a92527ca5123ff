/* 一起填报: a row keeps itself when one leaves it; cells are pasted from a sheet; “与上期相同” in one tap. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-grid]");
  if (!form) return;
  const cellsOf = (row) => [...row.querySelectorAll("td.fill :is(input, textarea)")];
  const rows = () => [...document.querySelectorAll(".report-grid tbody tr")].filter((row) => cellsOf(row).length);
  const fieldsOf = (row) => [...row.querySelectorAll("[form=grid][name]")].filter((field) => field.type !== "checkbox");
  const changed = new Set();
  document.querySelectorAll("[data-same], [data-same-ticked]").forEach((button) => { button.hidden = false; });

  // What became of a row stands in it; the form sends the version it has now.
  const tell = (row, words, css) => {
    const told = row.querySelector("[data-told]");
    told.replaceChildren(...words.map((text) => {
      const span = document.createElement("span");
      span.className = css; span.textContent = text;
      return span;
    }));
  };
  const hidden = (name, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    input.setAttribute("form", "grid");
    return input;
  };
  const settle = (row, code, answer) => {
    if (answer.errors) return tell(row, Object.values(answer.errors), "error-words");
    if (answer.refusal) {
      row.querySelector("[data-reason]").hidden = false;
      if (answer.version) row.querySelector(`[name="${CSS.escape(code)}-version"]`).value = answer.version;
      return tell(row, [answer.refusal], "error-words");
    }
    if (!answer.saved) return undefined;
    row.querySelector(`[name="${CSS.escape(code)}-version"]`).value = answer.version;
    row.querySelector("[data-state] .tag").textContent = answer.saved;
    row.querySelectorAll(`[name="${CSS.escape(code)}-seen"]`).forEach((old) => old.remove());
    answer.warnings.forEach((words) => row.querySelector("th").append(hidden(`${code}-seen`, words)));
    if (answer.warnings.length) {
      row.querySelector("[data-reason]").hidden = false;
      return tell(row, answer.warnings.map((words) => `▲ ${words}`), "warning-words");
    }
    const now = new Date();
    return tell(row, [`已存草稿 ${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`], "muted");
  };
  // One request at a time, with every row that waits for it: of a block pasted in, all of them.
  let sending = Promise.resolve();
  const send = async (sent) => {
    const body = new FormData();
    sent.flatMap(fieldsOf).forEach((field) => body.append(field.name, field.value));
    body.append("action", "save");
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const told = await answer.json();
      sent.forEach((row) => {
        const code = row.querySelector("[name=row]").value;
        settle(row, code, told[code] || {});
      });
    } catch {
      sent.forEach((row) => {
        changed.add(row);
        tell(row, ["未保存：网络不通或登录已失效，内容仍在本页，恢复后再次离开本行即可。"], "error-words");
      });
    }
  };
  const save = (...wanted) => {
    sending = sending.then(() => {
      const sent = wanted.filter((row) => changed.delete(row));
      return sent.length ? send(sent) : undefined;
    });
  };
  document.addEventListener("input", (event) => {
    const row = event.target.closest(".report-grid tbody tr");
    if (row && event.target.type !== "checkbox") changed.add(row);
  });
  document.addEventListener("focusout", (event) => {
    const row = event.target.closest(".report-grid tbody tr");
    if (row && !row.contains(event.relatedTarget)) save(row);
  });
  window.addEventListener("online", () => save(...changed));
  window.addEventListener("beforeunload", (event) => { if (changed.size && !form.dataset.sent) event.preventDefault(); });

  // Enter and the arrows go up and down a column of one-line cells; a block from a sheet fills the cells it covers.
  const place = (cell) => {
    const all = rows(), row = cell.closest("tr");
    return { all, down: all.indexOf(row), across: cellsOf(row).indexOf(cell) };
  };
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(".report-grid td.fill input")) return;
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const { all, down, across } = place(event.target);
    const next = all[down + step];
    if (next) cellsOf(next)[across].focus();
  });
  const set = (cell, value) => {
    cell.value = value;
    changed.add(cell.closest("tr"));
  };
  document.addEventListener("paste", (event) => {
    const cell = event.target.closest(".report-grid td.fill :is(input, textarea)");
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!cell || !/[\t\n]/.test(text) || (cell.matches("textarea") && !text.includes("\t"))) return;
    event.preventDefault();
    const { all, down, across } = place(cell);
    text.split(/\r?\n/).forEach((line, below) => {
      const row = all[down + below];
      if (row) line.split("\t").forEach((value, beside) => {
        const into = cellsOf(row)[across + beside];
        if (into) set(into, value.trim());
      });
    });
    save(...[...changed].filter((row) => row !== cell.closest("tr")));
  });

  const same = (row) => cellsOf(row).forEach((cell) => {
    if (cell.dataset.last !== undefined) set(cell, cell.dataset.last);
  });
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-same]");
    if (one) { same(one.closest("tr")); save(one.closest("tr")); }
    if (event.target.closest("[data-same-ticked]")) {
      const ticked = rows().filter((row) => row.querySelector("[name=ticked]").checked);
      ticked.forEach(same);
      save(...ticked);
    }
  });
})();
