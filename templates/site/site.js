"use strict";

const root = document.body.dataset.root;
const field = document.getElementById("search");
const results = document.getElementById("results");

/** How well a page fits all terms; 0 if one of them is nowhere on it. */
function score(page, terms) {
  let sum = 0;
  for (const term of terms) {
    const inTitle = page.title.toLowerCase().includes(term);
    const inHeading = page.headings.some((heading) => heading.toLowerCase().includes(term));
    const inText = page.text.toLowerCase().includes(term);
    const found = (inTitle ? 20 : 0) + (inHeading ? 5 : 0) + (inText ? 1 : 0);
    if (found === 0) return 0;
    sum += found;
  }
  return sum + 1 / (1 + page.title.length);
}

/** The words around the first term in a page's text. */
function excerpt(page, terms) {
  const lower = page.text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...(places.length ? places : [0])) - 40);
  return (start > 0 ? "… " : "") + page.text.slice(start, start + 120) + (start + 120 < page.text.length ? " …" : "");
}

function entry(page, terms) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = root + page.path;
  link.textContent = page.title;
  const words = document.createElement("small");
  words.textContent = excerpt(page, terms);
  link.append(words);
  item.append(link);
  return item;
}

function search() {
  const terms = field.value.toLowerCase().split(/[\s/]+/).filter(Boolean);
  results.hidden = terms.length === 0;
  if (terms.length === 0) return;
  const scored = window.searchIndex.map((page) => [score(page, terms), page]).filter(([points]) => points > 0);
  scored.sort((left, right) => right[0] - left[0] || left[1].path.localeCompare(right[1].path));
  results.replaceChildren(...scored.slice(0, 12).map(([, page]) => entry(page, terms)));
  if (scored.length === 0) {
    const nothing = document.createElement("p");
    nothing.textContent = "Nothing has all of these words.";
    results.replaceChildren(nothing);
  }
}

/** Moves the choice among the results by a step. */
function choose(step) {
  const links = [...results.querySelectorAll("a")];
  if (links.length === 0) return;
  const now = links.findIndex((link) => link.classList.contains("chosen"));
  const next = (now + step + links.length) % links.length;
  links.forEach((link, at) => link.classList.toggle("chosen", at === next));
  links[next].scrollIntoView({ block: "nearest" });
}

field.addEventListener("input", search);
field.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    (results.querySelector(".chosen") ?? results.querySelector("a"))?.click();
  } else if (event.key === "Escape") {
    field.value = "";
    search();
  }
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    field.focus();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("search")) results.hidden = true;
});

for (const block of document.querySelectorAll("pre")) {
  const button = document.createElement("button");
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  block.append(button);
}

// Long tables of the catalogue can be narrowed to the rows that have some words.
if (location.pathname.endsWith("/catalogue.html")) {
  const filter = document.createElement("input");
  filter.className = "filter";
  filter.type = "search";
  filter.placeholder = "Show rows with …, as in: commerce 99.9%";
  filter.setAttribute("aria-label", "Narrow the objectives");
  document.querySelector(".table").before(filter);
  filter.addEventListener("input", () => {
    const terms = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll("tbody tr")) {
      row.hidden = !terms.every((term) => row.textContent.toLowerCase().includes(term));
    }
  });
}
