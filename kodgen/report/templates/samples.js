"use strict";
const rows = JSON.parse(document.getElementById("rows").textContent);
const form = document.getElementById("finding");
const list = document.getElementById("found");
const more = document.getElementById("more");
const told = form.querySelector("output");
const STEP = 25;
let matching = [];
let listed = 0;

function element(tag, text, name) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function table(caption, columns, cells) {
  const box = element("div", "", "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", caption);
  const made = element("table");
  const head = element("tr");
  for (const column of columns) {
    const cell = element("th", column);
    cell.scope = "col";
    head.append(cell);
  }
  const top = element("thead");
  const body = element("tbody");
  top.append(head);
  for (const row of cells) {
    const line = element("tr");
    for (const cell of row) line.append(element("td", cell));
    body.append(line);
  }
  made.append(element("caption", caption), top, body);
  box.append(made);
  return box;
}

function filled(row) {
  const inside = element("div");
  const facts = element("dl", "", "facts");
  for (const [name, value] of row.facts) facts.append(element("dt", name), element("dd", value));
  inside.append(facts);
  for (const [label, text] of row.texts) {
    const block = element("pre", text, "text");
    block.tabIndex = 0;
    block.dir = "auto";
    inside.append(element("h3", label), block);
  }
  if (row.verdict) inside.append(element("h3", "Verdict"), element("p", row.verdict));
  if (row.tests && row.tests.length) {
    inside.append(table("Tests", ["Test", "Outcome", "Error"], row.tests));
  }
  if (row.attempts) {
    const columns = ["Attempt", "Outcome", "Reason", "Tokens", "Seconds"];
    inside.append(table("Attempts", columns, row.attempts));
  }
  if (row.mutants) {
    const columns = ["Fault", "Line", "As it was", "As it became"];
    inside.append(table("Faults that the tests did not notice", columns, row.mutants));
  }
  return inside;
}

function item(row) {
  const made = element("details", "", "pair");
  const summary = element("summary");
  const verified = row.outcome === "verified";
  const sign = verified ? "\u2713 " : "\u2715 ";
  summary.append(element("span", sign + row.outcome, verified ? "status clean" : "status review"));
  summary.append(element("span", ` ${row.title} `));
  const quiet = [row.id, row.difficulty].filter(Boolean).join(", ");
  summary.append(element("span", quiet, "quiet id"));
  made.append(summary);
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(filled(row));
  });
  return made;
}

function text(row) {
  row.text ??= [row.id, row.title, row.verdict || "", ...row.texts.flat(), ...row.facts.flat()]
    .join("\n").toLowerCase();
  return row.text;
}

function show() {
  const until = Math.min(listed + STEP, matching.length);
  list.append(...matching.slice(listed, until).map(item));
  listed = until;
  more.hidden = listed === matching.length;
}

function apply() {
  const wanted = [...form.querySelectorAll("select")]
    .filter((one) => one.value !== "").map((one) => [one.name, JSON.parse(one.value)]);
  const words = form.elements.text.value.trim().toLowerCase();
  matching = rows.filter((row) => wanted.every(([name, value]) => row[name] === value)
    && (words === "" || text(row).includes(words)));
  told.textContent = `${matching.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} found`;
  list.replaceChildren();
  listed = 0;
  show();
}

form.addEventListener("input", apply);
form.addEventListener("reset", () => setTimeout(apply));
form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", show);
for (const link of document.querySelectorAll("a[data-find]")) {
  link.addEventListener("click", () => {
    for (const one of form.querySelectorAll("select")) one.value = "";
    form.elements.text.value = JSON.parse(link.dataset.find);
    apply();
    if (list.firstElementChild) list.firstElementChild.open = true;
  });
}
form.hidden = false;
apply();
