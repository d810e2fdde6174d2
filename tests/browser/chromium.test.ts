// Core's read side and the evaluator in a real browser: every vector is answered there as in node, and what one side
// seals the other opens.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import type { Inspection } from "@writ/core";
import { bundleFor } from "./bundle.ts";
import { showPage } from "./chromium.ts";
import type { ShownPage } from "./chromium.ts";
import { openedText, sealedText } from "./journey.ts";
import { newTokenKey, token } from "../support/token.ts";
import { linkDependencies, scratchFolder } from "../support/scratch.ts";
import type { Page } from "./page.ts";
import { readVectorTexts, storedOf } from "./vector-source.ts";
import { answersOf, vectorSets } from "../support/vector-answers.ts";
import type { Answer } from "../support/vector-answers.ts";

const texts = readVectorTexts();
const secret = "5a".repeat(32);
let shown: ShownPage | { readonly unavailable: string } | undefined;

beforeAll(async () => {
  const script = await bundleFor("tests/browser/page.ts");
  shown = await showPage((path) => {
    if (path === "/page.js") return { type: "text/javascript", body: script };
    if (path === "/vectors.json") return { type: "application/json", body: JSON.stringify(texts) };
    const name = /^\/stored\/([a-z0-9-]+)$/.exec(path)?.[1];
    const body = name === undefined ? null : storedOf(texts, name);
    return body === null ? null : { type: "application/octet-stream", body };
  });
});

afterAll(async () => {
  if (shown !== undefined && "close" in shown) await shown.close();
});

/** The page, or a skip that says what this machine lacks. */
function pageOf(context: TestContext): ShownPage {
  if (shown === undefined) throw new TypeError("the page is not up");
  if ("unavailable" in shown) return context.skip(shown.unavailable);
  return shown;
}

/** Calls a function of the page. */
async function call<K extends keyof Page>(
  { page }: ShownPage,
  name: K,
  ...given: Page[K] extends (...args: infer A) => unknown ? A : []
): Promise<Page[K] extends (...args: never[]) => infer R ? Awaited<R> : Page[K]> {
  return page.evaluate(
    async ([member, args]) => {
      const value = (globalThis as unknown as { writ: Record<string, unknown> }).writ[member as string];
      return typeof value === "function" ? ((await value(...(args as unknown[]))) as unknown) : value;
    },
    [name, given] as const,
  ) as Promise<Page[K] extends (...args: never[]) => infer R ? Awaited<R> : Page[K]>;
}

const disagreeing = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter(({ found, expected }) => found !== expected);

describe("vectors in Chromium", () => {
  test.for(vectorSets)("%s: each is answered as it says, and as in node", async (set, context) => {
    const here = pageOf(context);
    const inPage = await call(here, "answers", set);
    const stored = (name: string): Promise<Uint8Array> => Promise.resolve(storedOf(texts, name)!);
    const inNode = await answersOf(set, { ...texts, stored });
    expect(inPage.length).toBe(texts.vectors[set].length);
    expect(inPage.length).toBeGreaterThan(3);
    expect(disagreeing(inPage)).toEqual([]);
    expect(inPage).toEqual(inNode);
  });

  test("control: an accepted artifact with one bit changed is refused in the page", async (context) => {
    const here = pageOf(context);
    const id = "suite-ed25519";
    const { artifact = "" } = (texts.vectors.artifacts as readonly { id: string; artifact?: string }[]).find(
      (vector) => vector.id === id,
    )!;
    expect(disagreeing(await call(here, "answers", "artifacts", { id, members: {} }))).toEqual([]);
    const bytes = Buffer.from(artifact, "base64");
    bytes[bytes.length - 40]! ^= 1;
    const changed = { id, members: { artifact: bytes.toString("base64") } };
    const [answer] = await call(here, "answers", "artifacts", changed);
    expect(JSON.parse(answer!.found)).toHaveProperty("code");
    expect(answer!.found).not.toBe(answer!.expected);
  });
});

describe("the way of the data in Chromium", () => {
  test.for(["p256", "ed25519+mldsa65", "p384+mldsa87"] as const)(
    "what the page seals with %s, node opens, and the other way round",
    async (suite, context) => {
      const here = pageOf(context);
      const byPage = await call(here, "sealed", "ten rows of data", suite, secret);
      const byNode = await sealedText("eleven rows of data", suite, secret);
      expect(await openedText(byPage, secret)).toBe("ten rows of data");
      expect(await call(here, "opened", byNode, secret)).toBe("eleven rows of data");
      expect((await call(here, "inspected", byNode.artifact)) as Inspection).toMatchObject({
        notice: "NOT VERIFIED",
        core: { issuer: "urn:acme:data" },
      });
    },
  );

  test("control: another secret, another content or another artifact opens nothing in the page", async (context) => {
    const here = pageOf(context);
    const handed = await sealedText("eleven rows of data", "ed25519", secret);
    const flip = (hex: string): string => `${hex.slice(0, -2)}${hex.endsWith("00") ? "01" : "00"}`;
    const opened = async (given: typeof handed, key: string): Promise<string> => call(here, "opened", given, key);
    expect(await opened(handed, secret)).toBe("eleven rows of data");
    expect(await opened(handed, "5b".repeat(32))).toBe("unwrap-failed");
    expect(await opened({ ...handed, stored: flip(handed.stored) }, secret)).toBe("content-root");
    expect(await opened({ ...handed, artifact: flip(handed.artifact) }, secret)).not.toBe("eleven rows of data");
  });
});

describe("principals in Chromium", () => {
  test.for(["ES256", "EdDSA", "RS256"])(
    "a token signed by %s is its subject, a changed one nobody",
    async (alg, context) => {
      const here = pageOf(context);
      const key = newTokenKey(alg, "one");
      const issuer = "https://id.example";
      const now = 1_800_000_000;
      const claims = {
        iss: issuer,
        aud: "urn:acme:data",
        iat: now - 10,
        exp: now + 600,
        sub: "urn:person:ada",
        kind: "human",
      };
      const principal = (given: string): Promise<unknown> =>
        call(here, "principal", given, key.jwk, issuer, now * 1000);
      expect(await principal(token(key, claims))).toMatchObject({ id: "urn:person:ada", kind: "human" });
      const stranger = newTokenKey(alg, "one");
      expect(await principal(token(stranger, claims))).toBe("principal-token");
    },
  );
});

describe("the page", () => {
  test("says that noble serves it, has nothing of node, opens no files and asks nobody but its server", async (context) => {
    const here = pageOf(context);
    expect(await call(here, "backend")).toBe("noble");
    expect(await call(here, "globals")).toEqual([]);
    expect(await call(here, "fault")).toBe("TypeError");
    expect(here.requests.filter((address) => !address.startsWith(`${here.origin}/`))).toEqual([]);
    expect(here.requests.length).toBeGreaterThan(1);
    expect(here.errors).toEqual([]);
  });

  test("a key shows its type and size to logs, JSON and copies, never its bytes", async (context) => {
    const here = pageOf(context);
    const bytes = Array.from({ length: 32 }, (_, index) => index + 100);
    const seen = await call(here, "shownOfKey", Buffer.from(bytes).toString("hex"));
    expect(seen).toContain('["type","secret"],["symmetricKeySize","32"]');
    for (const form of [bytes.slice(0, 3).join(","), Buffer.from(bytes.slice(0, 3)).toString("hex"), "defg"])
      expect(seen).not.toContain(form);
  });
});

describe("the bundle", () => {
  test.each([
    ["node's own modules", 'import { readFileSync } from "node:fs"; export default readFileSync;'],
    ["the same without their prefix", 'import { createHash } from "crypto"; export default createHash;'],
    [
      "the file keystore",
      'import { createLocalKeystore } from "@writ/core/local"; export default createLocalKeystore;',
    ],
    ["counters in files", 'import * as counters from "@writ/evaluator/counters-sqlite"; export default counters;'],
    [
      "counters in PostgreSQL",
      'import * as counters from "@writ/evaluator/counters-postgres"; export default counters;',
    ],
    ["status lists", 'import * as status from "@writ/evaluator/status"; export default status;'],
  ])("control: %s fail the build", async (_what, text) => {
    const folder = scratchFolder({ "entry.ts": text });
    linkDependencies(folder);
    await expect(bundleFor(`${folder}/entry.ts`)).rejects.toThrow(/no browser has|not exported/);
  });

  test("holds nothing of node and no stand-in for it", async () => {
    const script = await bundleFor("tests/browser/page.ts");
    expect(script.length).toBeGreaterThan(100_000);
    expect(script).not.toMatch(/["']node:|__vite-browser-external|\brequire\(/);
  });
});
