// What each list shows, the pages of genes and diseases, and the tabs.
const opener = { head: "", kind: "opens", cell: () => "" };
const column = {
  gene: { head: "Gene", kind: "name gene", value: (i) => gene(i)[1], cell: (i) => make("a", { href: `#gene=${gene(i)[0]}` }, gene(i)[1]) },
  disease: { head: "Disease", kind: "name disease", value: (i) => disease(i)[1], cell: (i) => make("a", { href: `#disease=${disease(i)[0]}` }, disease(i)[1]) },
  score: { head: "Score", kind: "score-cell", first: -1, title: "Chance that a curator would record the pair", value: (i) => R.score[i], cell: (i) => scoreBar(R.score[i]) },
  says: { head: "Articles say", value: (i) => ["stated", "speculated", "denied"].indexOf(R.direction[i]), cell: (i) => says(i) },
  known: { head: "Curators", label: "curators", value: (i) => +isKnown(i), cell: (i) => (isKnown(i) ? badge("known", "", D.sources[R.known[i]].join(", ")) : badge("new", "good", "in no curated source")) },
  verdict: { head: "Reviewed", label: "reviewed", value: (i) => R.verdict[i] || null, cell: (i) => verdictBadge(R.verdict[i]) },
  change: { head: "Since last run", label: "since last run", value: (i) => KINDS.indexOf(change[i] || "gone"), cell: (i) => moved(i) },
  articles: { head: "Articles by year", kind: "years", first: -1, label: "articles", title: "Sorts by the number of articles", value: (i) => R.articles[i], cell: (i) => [counted(R.articles[i]), spark(i)] },
  first: { head: "From", kind: "number", label: "from", value: (i) => R.first[i], cell: (i) => R.first[i] ?? "" },
  last: { head: "To", kind: "number", label: "to", first: -1, value: (i) => R.last[i], cell: (i) => R.last[i] ?? "" },
};
const rowOpens = { name: (i) => `${gene(i)[1]} and ${disease(i)[1]}`, detail };

function scoreBar(score) {
  return make("span", { class: "score" }, told(score), make("i", { "aria-hidden": "true", style: { "--share": `${(score * 100).toFixed(0)}%` } }));
}
function says(i) {
  const direction = R.direction[i];
  const parts = [{ stated: badge("stated", "good"), speculated: badge("only supposed", "hint"), denied: badge("only denied", "bad"), implied: badge("implied", "hint") }[direction] ?? badge(direction)];
  if (direction !== "denied" && R.denied[i]) parts.push(badge(`${counted(R.denied[i])} ${R.denied[i] === 1 ? "denies" : "deny"}`, "bad"));
  return parts;
}
function moved(i) {
  const by = oldScore[i] == null ? "" : `was ${told(oldScore[i])}`;
  return { new: badge("new", "good"), risen: badge("▲ risen", "", by), fallen: badge("▼ fallen", "hint", by) }[change[i]] ?? "";
}
function usual(without = "") {
  const some = ["gene", "disease", "score", "says", ...(D.compared ? ["known"] : []), ...(R.verdict.some(Boolean) ? ["verdict"] : []), ...(D.changes ? ["change"] : []), "articles", "first", "last"];
  return [opener, ...some.filter((name) => name !== without).map((name) => column[name])];
}
const byScore = (columns) => [columns.indexOf(column.score), -1];

function associations() {
  const columns = usual();
  const list = table($("#association-table"), { caption: "Associations", columns, rows: ALL, opens: rowOpens, sorted: byScore(columns) });
  const form = $("#filters");
  for (const [name, has] of [["compared", D.compared], ["changes", D.changes]]) $(`[data-if="${name}"]`, form).hidden = !has;
  const filter = () => {
    const f = Object.fromEntries(new FormData(form));
    const terms = f.text.toLowerCase().split(/\s+/).filter(Boolean);
    const number = (text, otherwise) => (text === "" || Number.isNaN(+text) ? otherwise : +text);
    const [least, most, articles] = [number(f.least, 0), number(f.most, 1), number(f.articles, 0)];
    list.keep((i) => R.score[i] >= least && R.score[i] <= most && R.articles[i] >= articles
      && (!f.direction || R.direction[i] === f.direction) && (!f.known || isKnown(i) === (f.known === "known"))
      && (!f.change || change[i] === f.change) && terms.every((term) => words(i).includes(term)));
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 60); });
  form.addEventListener("reset", () => setTimeout(() => list.keep(null), 0));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
}

function candidates() {
  const { at, promise } = D.candidates;
  if (!at.length) return;
  const worth = new Map(at.map((i, k) => [i, promise[k]]));
  const rows = at.slice().sort((a, b) => (change[b] === "new") - (change[a] === "new")); // stable: within each by promise
  const columns = usual("known");
  columns.splice(3, 0, { head: "Promise", kind: "score-cell", first: -1, title: "The score, less for old findings", value: (i) => worth.get(i), cell: (i) => scoreBar(worth.get(i)) });
  table($("#candidate-table"), { caption: "Candidates", columns, rows, opens: rowOpens, noun: "candidate" });
}

function changes() {
  const c = D.changes;
  if (!c || !c.at.length) return;
  const by = (k) => (c.newScore[k] ?? 0) - (c.oldScore[k] ?? 0);
  const name = (k, which) => (c.at[k] < 0 ? c.names[k][which] : (which ? disease : gene)(c.at[k])[1]);
  const linked = (k, which) => (c.at[k] < 0 ? name(k, which) : column[which ? "disease" : "gene"].cell(c.at[k]));
  const columns = [
    { head: "What", value: (k) => c.kind[k], cell: (k) => badge({ new: "new", risen: "▲ risen", fallen: "▼ fallen", gone: "gone" }[KINDS[c.kind[k]]], { new: "good", fallen: "hint", gone: "bad" }[KINDS[c.kind[k]]] ?? "") },
    { head: "Gene", kind: "name gene", value: (k) => name(k, 0), cell: (k) => linked(k, 0) },
    { head: "Disease", kind: "name disease", value: (k) => name(k, 1), cell: (k) => linked(k, 1) },
    { head: "Score before", kind: "number", label: "before", first: -1, value: (k) => c.oldScore[k], cell: (k) => told(c.oldScore[k]) },
    { head: "Score now", kind: "number", label: "now", first: -1, value: (k) => c.newScore[k], cell: (k) => told(c.newScore[k]) },
    { head: "By", kind: "number", label: "by", first: -1, value: by, cell: (k) => (c.oldScore[k] == null || c.newScore[k] == null ? "" : (by(k) > 0 ? "+" : "") + by(k).toFixed(3)) },
    { head: "Articles before", kind: "number", label: "articles before", first: -1, value: (k) => c.oldArticles[k], cell: (k) => c.oldArticles[k] ?? "" },
    { head: "Articles now", kind: "number", label: "now", first: -1, value: (k) => c.newArticles[k], cell: (k) => c.newArticles[k] ?? "" },
  ];
  table($("#change-table"), { caption: "Changes since the previous run", columns, rows: c.at.map((_, k) => k), sorted: [0, 1], noun: "change" });
}

// All associations of one gene or disease, and those that it inherits from or gives to diseases above.
function entityPage(kind, curie) {
  const box = $("#entity");
  const at = places[kind].get(curie.toLowerCase());
  if (at == null) return box.replaceChildren(make("h2", { tabindex: "-1" }, curie), make("p", {}, `No association of this report has the ${kind} ${curie}.`), backLink());
  const entity = D[`${kind}s`][at];
  const rows = ALL.filter((i) => R[kind][i] === at);
  const articles = rows.reduce((most, i) => Math.max(most, R.articles[i]), 0);
  const facts = [plural(rows.filter((i) => R.direction[i] !== "denied").length, "association"), `at most ${plural(articles, "article")} for one`];
  const denied = rows.filter((i) => R.direction[i] === "denied").length;
  if (denied) facts.push(`${plural(denied, "pair")} only denied`);
  if (D.compared) facts.push(`${counted(rows.filter((i) => !isKnown(i) && R.direction[i] !== "denied").length)} not known to curators`);
  const holder = make("div");
  const columns = usual(kind);
  table(holder, { caption: `Associations of ${entity[1]}`, columns, rows, opens: rowOpens, sorted: byScore(columns) });
  box.replaceChildren(backLink(), make("h2", { tabindex: "-1" }, entity[1]), make("p", { class: "links" }, ...homes(entity)), make("p", {}, `${facts.join(", ")}.`), holder, ...inheritedPart(kind, at));
}

function inheritedPart(kind, at) {
  const h = D.inherited;
  const rows = h[kind].map((_, k) => k).filter((k) => h[kind][k] === at);
  if (!rows.length) return [];
  const other = kind === "gene" ? "disease" : "gene";
  const named = (k) => D[`${other}s`][h[other][k]];
  const holder = make("div");
  const columns = [
    { head: other === "gene" ? "Gene" : "Disease above", kind: `name ${other}`, value: (k) => named(k)[1], cell: (k) => make("a", { href: `#${other}=${named(k)[0]}` }, named(k)[1]) },
    { head: "Score", kind: "score-cell", first: -1, value: (k) => h.score[k], cell: (k) => scoreBar(h.score[k]) },
    { head: "Articles", kind: "number", label: "articles", first: -1, value: (k) => h.articles[k], cell: (k) => counted(h.articles[k]) },
    { head: "Of its own", kind: "number", label: "of its own", first: -1, value: (k) => h.own[k], cell: (k) => counted(h.own[k]) },
  ];
  table(holder, { caption: "Inherited", columns, rows, sorted: [1, -1], noun: "row" });
  const words = kind === "gene" ? "Diseases above, which the articles of narrower ones count for" : "Genes by the articles of the diseases directly below";
  return [make("h3", {}, words), holder];
}
const backLink = () => make("p", {}, make("a", { href: "#associations" }, "← All associations"));

const TABS = ["associations", "candidates", "changes", "overview", "about"];
function show() {
  let hash = location.hash.slice(1);
  try { hash = decodeURIComponent(hash); } catch { /* a stray % is taken as it stands */ }
  const [, kind, curie] = hash.match(/^(gene|disease)=(.+)$/) ?? [];
  const chosen = kind ? "entity" : TABS.includes(hash) ? hash : TABS[0];
  for (const name of [...TABS, "entity"]) $(`#${name}`).hidden = name !== chosen;
  document.body.classList.toggle("on-entity", Boolean(kind));
  for (const name of TABS) {
    $(`#tab-${name}`).setAttribute("aria-selected", String(name === chosen));
    $(`#tab-${name}`).tabIndex = name === chosen || (kind && name === TABS[0]) ? 0 : -1;
  }
  if (kind) { entityPage(kind, curie); scrollTo(0, 0); $("#entity h2").focus({ preventScroll: true }); }
}

function start() {
  for (const [name, n] of [["associations", N], ["candidates", D.candidates.at.length], ["changes", D.changes ? D.changes.at.length : 0]])
    if (n) $(`#tab-${name}`).append(" ", make("span", { class: "n" }, counted(n)));
  $("#tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = TABS.findIndex((name) => $(`#tab-${name}`) === event.target);
    if (!step || at < 0) return;
    const next = $(`#tab-${TABS[(at + step + TABS.length) % TABS.length]}`);
    location.replace(next.hash);
    next.focus();
  });
  addEventListener("hashchange", show);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    location.hash = "#associations";
    $("#filters [name=text]").focus();
  });
  const button = $("#theme");
  const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const tell = () => { button.textContent = isDark() ? "Light" : "Dark"; button.setAttribute("aria-label", `Show in ${isDark() ? "light" : "dark"} colours`); };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("genemine-theme", document.documentElement.dataset.theme); } catch { /* files may have no storage */ }
    tell();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  tell();
  associations();
  candidates();
  changes();
  show();
}
start();
