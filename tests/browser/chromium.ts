// A real Chromium, headless, that shows one page from a server on loopback.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import type { Page } from "playwright-core";

/** What the server answers: a body and its type, or null where there is nothing. */
export type Respond = (path: string) => { readonly type: string; readonly body: string | Uint8Array } | null;

/** A page that is shown. */
export interface ShownPage {
  readonly version: string;
  readonly page: Page;
  /** Addresses of every request that the page made. */
  readonly requests: readonly string[];
  /** Errors that nobody caught. */
  readonly errors: readonly string[];
  readonly origin: string;
  close(): Promise<void>;
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of a Chromium that says its version, or null: a name alone may be a note on how to install it. */
function findChromium(): string | null {
  const candidates = process.env["WRIT_CHROMIUM"] === undefined ? names : [process.env["WRIT_CHROMIUM"]];
  for (const name of candidates) {
    const found = spawnSync(name, ["--version"], { encoding: "utf8", timeout: 20_000 });
    if (found.status !== 0 || !/\d+\.\d+/.test(found.stdout)) continue;
    const path = spawnSync("sh", ["-c", 'command -v "$0"', name], { encoding: "utf8" }).stdout.trim();
    return path === "" ? name : path;
  }
  return null;
}

/** Nothing but our own scripts and data; no code from text. */
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'";

/** Opens a page whose script is `/page.js`. Says why where this machine has no Chromium. */
export async function showPage(respond: Respond): Promise<ShownPage | { readonly unavailable: string }> {
  const executablePath = findChromium();
  if (executablePath === null) return { unavailable: "no Chromium here: install the package `chromium`" };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const found =
      path === "/" ? { type: "text/html", body: '<script type="module" src="/page.js"></script>' } : respond(path);
    response.writeHead(found === null ? 404 : 200, {
      "content-type": `${found?.type ?? "text/plain"}; charset=utf-8`,
      "content-security-policy": policy,
    });
    response.end(found?.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath, headless: true });
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(origin);
  return {
    version: browser.version(),
    page,
    requests,
    errors,
    origin,
    close: async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
