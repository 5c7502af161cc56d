// The sentences behind a row: names marked, the words that raised the score shaded, where each stands.
const STANCES = { supporting: ["states it", "good"], speculative: ["supposes it", "hint"], denied: ["denies it", "bad"], retracted: ["retracted article", "bad"] };
const FIRST = 5;

// Cut a sentence where a mark or a shade begins or ends, and give each stretch what it is.
function marked(one) {
  // offsets count characters; JavaScript counts halves of those beyond the basic plane
  const chars = /[\ud800-\udbff]/.test(one.sentence) ? Array.from(one.sentence) : one.sentence;
  const spans = [["gene", one.gene], ["disease", one.disease]].filter(([, [start, end]]) => end > start);
  // many words raise a score a little: only what has more than its even share is shaded, the most as the strongest
  const percents = one.attention.filter((_, k) => k % 3 === 2);
  const even = 1.2 * (percents.reduce((sum, percent) => sum + percent, 0) / Math.max(percents.length, 1));
  const most = Math.max(even + 1, ...percents);
  const cuts = new Set([0, chars.length]);
  spans.forEach(([, [start, end]]) => cuts.add(start).add(end));
  for (let k = 0; k < one.attention.length; k += 3) cuts.add(one.attention[k]).add(one.attention[k + 1]);
  const borders = [...cuts].sort((a, b) => a - b);
  const parts = [];
  for (let k = 0; k + 1 < borders.length; k++) {
    const [start, end] = [borders[k], borders[k + 1]];
    const text = typeof chars === "string" ? chars.slice(start, end) : chars.slice(start, end).join("");
    const [kind] = spans.find(([, span]) => span[0] <= start && end <= span[1]) ?? [];
    let percent = 0;
    for (let a = 0; a < one.attention.length; a += 3) if (one.attention[a] <= start && end <= one.attention[a + 1]) percent = one.attention[a + 2];
    const heat = (percent - even) / (most - even);
    const shade = heat > 0 ? { class: "heat", style: { "--strength": (0.2 + 0.8 * heat).toFixed(2) }, title: `${percent} % of what raised the score` } : null;
    if (kind) parts.push(make("mark", { class: kind + (shade ? " heat" : ""), style: shade?.style, title: shade ? `${kind}, ${shade.title}` : kind }, text));
    else parts.push(shade ? make("span", shade, text) : text);
  }
  return parts;
}

// What curators said of a sentence or a pair, "" where nobody looked.
function verdictBadge(verdict) {
  return verdict ? badge(verdict, { accepted: "good", rejected: "bad", denied: "bad" }[verdict] ?? "hint", "by a curator") : "";
}

function sentenceItem(one) {
  const [label, kind] = STANCES[one.stance] ?? [one.stance, ""];
  return make("li", { class: one.stance },
    make("p", { class: "sentence" }, ...marked(one)),
    make("p", { class: "source" },
      badge(label, kind, one.cue ? `cue: ${one.cue}` : null), verdictBadge(one.verdict), one.cue ? `cue “${one.cue}” ` : "",
      outside(`${D.pubmed}${encodeURIComponent(one.pmid)}/`, `PMID ${one.pmid}`),
      `, ${one.year ?? "year unknown"}, score ${told(one.score)}`, one.repeat ? ", says nearly what a better one says" : "", ". ", one.title ?? "",
      ...one.flags.split("|").filter(Boolean).flatMap((flag) => [" ", badge(flag.replaceAll("_", " "), "bad")])));
}

// Everything about association i, below its row.
function detail(i) {
  const list = make("ol", { class: "sentences" });
  const box = make("div", {}, links(i), list);
  sentencesOf(i).then((all) => {
    if (all.some((one) => one.attention.length))
      list.before(make("p", { class: "legend" }, make("mark", {}, "gene"), " ", make("mark", { class: "disease" }, "disease"), " ",
        make("span", { class: "heat", style: { "--strength": "0.8" } }, "words that raised the score most")));
    list.append(...all.slice(0, FIRST).map(sentenceItem));
    const total = R.sentences[i] + R.deniedSentences[i];
    if (all.length > FIRST) {
      const more = make("button", { type: "button", class: "quiet more" }, `Show ${counted(all.length - FIRST)} more`);
      more.addEventListener("click", () => { list.append(...all.slice(FIRST).map(sentenceItem)); more.remove(); });
      list.after(more);
    }
    if (all.length < total) box.append(make("p", { class: "source" }, `${counted(all.length)} of ${plural(total, "sentence")}; evidence.csv holds all.`));
    if (!all.length) list.replaceWith(make("p", { class: "muted" }, R.direction[i] === "implied" ? "No sentence names both as associated; article_pairs.csv has the abstracts that imply it." : "No sentence of it is in this report; evidence.csv holds all."));
  }).catch(() => list.replaceWith(make("p", { class: "note" }, "This browser cannot unpack the sentences (it is older than 2023); they are in evidence.csv.")));
  return box;
}

function links(i) {
  const facts = [`${counted(R.stated[i])} state it`, `${counted(R.supposed[i])} only suppose it`, `${counted(R.denied[i])} deny it`];
  if (R.retracted[i]) facts.push(`${counted(R.retracted[i])} retracted, not counted`);
  const known = D.compared ? (isKnown(i) ? `Known to ${D.sources[R.known[i]].join(", ")}` : "In no curated source") : null;
  const chance = R.probability[i] == null ? null : `probability ${R.probability[i]}`;
  const q = R.q[i] == null ? null : `q value ${R.q[i]}`;
  return make("div", {},
    make("p", { class: "links" }, make("a", { href: `#gene=${gene(i)[0]}` }, `All of ${gene(i)[1]}`), make("a", { href: `#disease=${disease(i)[0]}` }, `All of ${disease(i)[1]}`),
      ...homes(gene(i)), ...homes(disease(i))),
    make("p", { class: "legend" }, [`Articles: ${facts.join(", ")}`, known, chance, q, `trend ${R.trend[i] ?? "unknown"} (1 is even)`, R.id[i]].filter(Boolean).join(" · ")));
}

// Bars of supporting articles by year, all rows on the same years.
const SPAN = R.first.reduce(([low, high], year, i) => (year == null ? [low, high] : [Math.min(low, year), Math.max(high, R.last[i])]), [9999, 0]);
function spark(i) {
  const years = R.years[i];
  if (!years.length) return "";
  const step = 84 / Math.max(SPAN[1] - SPAN[0] + 1, 1);
  const most = Math.max(...years.filter((_, k) => k % 2));
  const words = [];
  const svg = draw("svg", { class: "spark", viewBox: "0 0 84 22", role: "img", preserveAspectRatio: "none" }, draw("line", { x1: 0, x2: 84, y1: 21.5, y2: 21.5 }));
  for (let k = 0; k < years.length; k += 2) {
    const height = 3 + (18 * years[k + 1]) / most;
    svg.append(draw("rect", { x: ((years[k] - SPAN[0]) * step).toFixed(1), y: (21 - height).toFixed(1), width: Math.max(step - 0.4, 1.4).toFixed(1), height: height.toFixed(1) }));
    words.push(`${years[k]}: ${years[k + 1]}`);
  }
  svg.prepend(draw("title", {}, `Supporting articles by year: ${words.join(", ")}`));
  return svg;
}
