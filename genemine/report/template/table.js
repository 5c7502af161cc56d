// A table that sorts by its heads and shows a page of its rows; what all lists of the report are made of.
const SIZES = [25, 50, 100, 250];

// columns: [{ head, value(row), cell(row), kind, first }]; `first` is the direction that a first click sorts by.
function table(holder, { caption, columns, rows, opens = null, noun = "association", sorted = null }) {
  let shown = rows.slice();
  let order = sorted; // [column, 1 or -1]; null: as given
  let page = 0;
  let size = SIZES[0];
  const body = make("tbody", { role: "rowgroup" });
  const heads = columns.map((column, at) => {
    if (!column.value) return make("th", { role: "columnheader", scope: "col", class: column.kind ?? "" }, make("span", { class: column.head ? "" : "unseen" }, column.head || "open"));
    return make("th", { role: "columnheader", scope: "col", class: column.kind ?? "", "aria-sort": "none" },
      make("button", { type: "button", title: column.title, on: { click: () => sortBy(at) } }, column.head, make("span", { class: "arrow", "aria-hidden": "true" })));
  });
  const count = make("span", { role: "status", class: "count" });
  const where = make("span", { class: "muted" });
  const [back, on] = [["Previous", -1], ["Next", 1]].map(([text, by]) => make("button", { type: "button", class: "quiet", on: { click: () => turn(page + by) } }, text));
  const sizes = make("select", { "aria-label": "Rows a page", on: { change: () => { size = +sizes.value; turn(0); } } }, ...SIZES.map((n) => make("option", { value: n }, n)));
  const sorter = make("select", { on: { change: () => { order = sorter.value === "" ? sorted : sorter.value.split(",").map(Number); arrange(); } } },
    make("option", { value: "" }, "as given"), ...columns.flatMap((c, at) => (c.value && c.head ? [make("option", { value: `${at},${c.first ?? 1}` }, c.head)] : [])));
  holder.replaceChildren(
    make("div", { class: "bar" }, count, make("span", { class: "grow" }), make("label", { class: "sorter" }, "Sort by ", sorter), make("label", {}, "Rows ", sizes)),
    make("table", { role: "table", "data-rows": "" }, make("caption", { class: "unseen" }, caption),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads)), body),
    make("div", { class: "bar pages" }, back, on, where));

  function sortBy(at) {
    const first = columns[at].first ?? 1;
    order = order && order[0] === at ? [at, -order[1]] : [at, first];
    arrange();
  }

  function arrange() {
    shown = kept.slice();
    if (order) {
      const [at, sign] = order;
      const value = columns[at].value;
      // empty cells last in both directions, equal ones as they came
      const keys = new Map(shown.map((row) => [row, value(row)]));
      shown.sort((a, b) => {
        const [x, y] = [keys.get(a), keys.get(b)];
        if (x === y) return 0;
        if (x == null) return 1;
        if (y == null) return -1;
        return sign * (typeof x === "string" ? collator.compare(x, y) : x - y);
      });
    }
    heads.forEach((head, at) => {
      if (!columns[at].value) return;
      const state = order && order[0] === at ? (order[1] > 0 ? "ascending" : "descending") : "none";
      head.setAttribute("aria-sort", state);
      $(".arrow", head).textContent = { ascending: "▲", descending: "▼", none: "" }[state];
    });
    turn(0);
  }

  function turn(to) {
    const last = Math.max(Math.ceil(shown.length / size) - 1, 0);
    page = Math.min(Math.max(to, 0), last);
    const from = page * size;
    body.replaceChildren(...shown.slice(from, from + size).map(line));
    count.textContent = shown.length === rows.length ? plural(shown.length, noun) : `${counted(shown.length)} of ${plural(rows.length, noun)}`;
    where.textContent = shown.length ? `${counted(from + 1)} to ${counted(Math.min(from + size, shown.length))}` : rows.length ? `No ${noun} fits the filters.` : "None in this run.";
    back.disabled = page === 0;
    on.disabled = page === last;
    back.hidden = on.hidden = last === 0;
  }

  function line(row) {
    const cells = columns.map((column) => {
      const content = column.cell(row);
      const empty = content === "" || content == null;
      const cell = make("td", { role: "cell", class: column.kind ?? "", "data-label": column.label && !empty ? column.label : null });
      cell.append(...[content].flat().filter((part) => part != null));
      return cell;
    });
    const tr = make("tr", { role: "row", class: opens ? "" : "plain" }, ...cells);
    if (opens) {
      const opener = make("button", { type: "button", class: "opener", "aria-expanded": "false", "aria-label": `Sentences of ${opens.name(row)}` });
      cells[0].append(opener);
      const toggle = () => {
        const open = opener.getAttribute("aria-expanded") === "true";
        opener.setAttribute("aria-expanded", String(!open));
        tr.classList.toggle("open", !open);
        if (open) tr.nextElementSibling.remove();
        else tr.after(make("tr", { role: "row", class: "detail" }, make("td", { role: "cell", colspan: columns.length }, opens.detail(row))));
      };
      opener.addEventListener("click", (event) => { event.stopPropagation(); toggle(); });
      tr.addEventListener("click", (event) => { if (!event.target.closest("a, button") && !String(getSelection())) toggle(); });
    }
    return tr;
  }

  let kept = rows;
  arrange();
  return { keep(test) { kept = test ? rows.filter(test) : rows; arrange(); } };
}
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
