// Opens the site that `slosmith docs` writes in Chromium, from the disk: the search finds, the catalogue narrows, nothing is loaded
// from elsewhere, nothing is written to the console, and no page is wider than a telephone.

import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const folder = mkdtempSync(join(tmpdir(), "slosmith-site-"));
const pictures = join(here, "pictures");
const problems = [];

execFileSync("cargo", ["run", "--quiet", "--", "docs", "--quiet", "--site", folder], { cwd: root, stdio: "inherit" });
mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** Fails the run at the end, and goes on until then. */
function expect(holds, problem) {
  if (!holds) problems.push(problem);
}

async function open(context, path) {
  const page = await context.newPage();
  page.on("console", (message) => problems.push(`${path}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${path}: ${error}`));
  page.on("request", (request) => expect(/^(file|data):/.test(request.url()), `${path} loads ${request.url()}`));
  await page.goto(pathToFileURL(join(folder, path)).href);
  return page;
}

async function search(context) {
  const page = await open(context, "backend/latency.html");
  await page.keyboard.press("/");
  await page.keyboard.type("checkout avail");
  const first = page.locator("#results a").first();
  expect((await first.textContent()).startsWith("checkout/availability"), "the search for `checkout avail` finds something else first");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/checkout\/availability\.html$/);
  await page.fill("#search", "zzzz nothing");
  expect((await page.textContent("#results")).includes("Nothing has"), "a search without results says nothing");
  await page.fill("#search", "pg_stat");
  await page.keyboard.press("Escape");
  expect(await page.locator("#results").isHidden(), "Escape leaves the results open");
}

async function catalogue(context) {
  const page = await open(context, "catalogue.html");
  const rows = page.locator("tbody tr:visible");
  const all = await rows.count();
  await page.fill(".filter", "ml 30d");
  const some = await rows.count();
  expect(some > 0 && some < all, `the filter \`ml 30d\` leaves ${some} of ${all} rows`);
  for (const text of await rows.allTextContents()) expect(text.includes("ml"), `a row of another team is left: ${text}`);
  await page.fill(".filter", "");
  expect((await rows.count()) === all, "an empty filter hides rows");
}

async function copy(context) {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => {});
  const page = await open(context, "backend/latency.html");
  const block = page.locator("pre").first();
  const code = await block.locator("code").textContent();
  await page.evaluate(() => (navigator.clipboard.writeText = async (text) => (window.copied = text)));
  await block.locator("button").click();
  expect((await page.evaluate(() => window.copied)) === code, "the button copies something else than the code");
}

async function widths(context) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".html"));
  const page = await open(context, "index.html");
  for (const path of paths) {
    await page.goto(pathToFileURL(join(folder, path)).href);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over <= 0, `${path} is ${over} pixels wider than a telephone`);
  }
  return paths.length;
}

async function draw(colorScheme) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme });
  for (const [name, path] of [["index", "index.html"], ["catalogue", "catalogue.html"], ["runbook", "backend/latency.html"]]) {
    const page = await open(context, path);
    await page.screenshot({ path: join(pictures, `site-${name}-${colorScheme}.png`) });
  }
}

const desk = await browser.newContext({ viewport: { width: 1400, height: 900 } });
await search(desk);
await catalogue(desk);
await copy(desk);
const pages = await widths(await browser.newContext({ viewport: { width: 390, height: 800 }, isMobile: true }));
for (const scheme of ["light", "dark"]) await draw(scheme);
await browser.close();

for (const problem of problems) console.error(`site: ${problem}`);
console.log(`site: ${pages} pages, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
