// Small helpers. Every text goes into the page as text, never as mark-up.
const $ = (selector, root = document) => root.querySelector(selector);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (name === "on") for (const [event, call] of Object.entries(value)) element.addEventListener(event, call);
    else if (name === "style") for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const counted = (n) => n.toLocaleString("en");
const plural = (n, one, many = `${one}s`) => `${counted(n)} ${n === 1 ? one : many}`;
// A probability for people: never a 1.000 that would claim certainty.
const told = (score) => (score == null ? "" : score > 0.9994 ? ">0.999" : score.toFixed(3));
const badge = (text, kind = "", title = null) => make("span", { class: `badge ${kind}`, title }, text);
const outside = (href, text) => make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);

const VOCABULARIES = { ncbigene: "NCBI Gene", hgnc: "HGNC", mesh: "MeSH", omim: "OMIM", doid: "Disease Ontology", orphanet: "Orphanet" };

// A link by an identifier such as mesh:D001943; one of a vocabulary without a known home is shown as it is.
function home(curie) {
  const [prefix, ...rest] = curie.split(":");
  const number = rest.join(":");
  const page = Object.hasOwn(D.homes, prefix) ? D.homes[prefix] : null;
  return page ? outside(page.replace("{}", encodeURIComponent(number)), `${VOCABULARIES[prefix] ?? prefix} ${number}`) : make("span", {}, curie);
}
const homes = (entity) => [entity[0], ...entity[2].split("|").filter(Boolean)].map(home);
