// The run as columns, and its sentences, which are unpacked piece by piece when a row is opened.
const D = JSON.parse($("#data").textContent);
const R = D.rows;
const N = R.id.length;
const gene = (i) => D.genes[R.gene[i]];
const disease = (i) => D.diseases[R.disease[i]];
const isKnown = (i) => D.sources[R.known[i]].length > 0;
const ALL = Array.from({ length: N }, (_, i) => i);

const KINDS = ["new", "risen", "fallen", "gone"];
const change = new Array(N).fill("");
const oldScore = new Array(N).fill(null);
if (D.changes) D.changes.at.forEach((i, k) => { if (i >= 0) { change[i] = KINDS[D.changes.kind[k]]; oldScore[i] = D.changes.oldScore[k]; } });

// What the search box looks through, made when it is first used.
let haystack = null;
function words(i) {
  haystack ??= ALL.map((j) => [...gene(j), ...disease(j), R.id[j]].join(" ").toLowerCase());
  return haystack[i];
}

// Places of genes and diseases by each of their identifiers, so that #gene=hgnc:1100 leads where #gene=ncbigene:672 does.
const places = { gene: new Map(), disease: new Map() };
for (const [kind, entities] of [["gene", D.genes], ["disease", D.diseases]]) {
  entities.forEach((entity, at) => places[kind].set(entity[0].toLowerCase(), at));
  entities.forEach((entity, at) => {
    for (const other of entity[2].toLowerCase().split("|")) if (other && !places[kind].has(other)) places[kind].set(other, at);
  });
}

const unpacked = new Map();
async function piece(number) {
  if (!unpacked.has(number)) unpacked.set(number, unpack($(`#piece-${number}`)?.textContent.trim() ?? ""));
  return unpacked.get(number);
}

async function unpack(text) {
  if (!text) return { place: [] };
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// The sentences of association i, the best first.
async function sentencesOf(i) {
  const p = await piece(Math.floor(i / D.piece));
  const found = [];
  let low = 0;
  let high = p.place.length; // sorted by place
  while (low < high) { const middle = (low + high) >> 1; if (p.place[middle] < i) low = middle + 1; else high = middle; }
  for (let k = low; k < p.place.length && p.place[k] === i; k++) {
    const [pmid, year, title, flags] = p.articles[p.article[k]];
    found.push({ pmid, year, title, flags: flags ?? "", sentence: p.sentences[p.sentence[k]], stance: p.stance[k], score: p.score[k],
      cue: p.cue[k], verdict: p.verdict[k], repeat: p.repeat[k], gene: p.gene[k], disease: p.disease[k], attention: p.attention[k] });
  }
  return found;
}
