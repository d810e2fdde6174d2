// Trust policies from elsewhere: over the network to look at, and signed by a root that a home pins.
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeSigner, signTrust } from "@writ/core";
import type { Signer } from "@writ/core";
import { newSigner } from "../support/scene.ts";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;
beforeEach(async () => void (place = await workplace()));
afterEach(() => place.remove());

const root = newSigner("urn:example:root", "ed25519+mldsa65");
const otherRoot = newSigner("urn:example:root", "ed25519+mldsa65");

function rootFile(of: Signer): string {
  const { authority, suite, keys } = describeSigner(of, "policy");
  return JSON.stringify({ authority, suite, keys });
}

function trustText(sequence: number): string {
  const trust = JSON.parse(place.read("private/home/trust.json").toString()) as object;
  return JSON.stringify({ ...trust, sequence });
}

async function code(...argv: string[]): Promise<string> {
  const ran = await place.writ([...argv, "--json"]);
  return ran.exit === 0 ? "ok" : ran.json<{ error: { code: string } }>().error.code;
}

const add = (...argv: string[]): Promise<string> => code("trust", "add", ...argv);

describe("a signed trust policy", () => {
  test("[CLI-12] [TRU-7] comes into force with its root, and from then on nothing else does", async () => {
    place.put("root.json", rootFile(root));
    place.put("two.signed", await signTrust(trustText(2), root));
    place.put("three.signed", await signTrust(trustText(3), root));
    place.put("three.json", trustText(3));
    place.put("forged.signed", await signTrust(trustText(9), otherRoot));
    expect(await add("two.signed")).toBe("signer-unknown");
    const shown = await place.ok("trust", "add", "two.signed", "--root", "root.json");
    for (const { thumbprint } of describeSigner(root, "policy").keys)
      expect(shown.stdout.toString()).toContain(thumbprint);
    expect(place.list().some((path) => path.endsWith("trust-root.json"))).toBe(false);
    await place.ok("trust", "add", "two.signed", "--root", "root.json", "--pin");
    expect((await place.ok("trust", "show", "--json")).json()).toMatchObject({ sequence: 2 });

    expect(await add("three.json", "--pin")).toBe("signer-unknown");
    expect(await add("forged.signed", "--pin")).toBe("signer-unknown");
    expect(await add("three.signed", "--pin")).toBe("ok");
    expect(await add("two.signed", "--pin")).toBe("trust-sequence");
    expect((await place.ok("trust", "show", "--json")).json()).toMatchObject({ sequence: 3 });
    place.put("policy.json", policyDocument());
    place.put("data/plain.csv", "a,b\n");
    await place.ok("seal", "data/plain.csv", "--policy", "policy.json");
    expect((await place.writ(["verify", "data/plain.csv.writ"])).exit).toBe(0);
  });

  test("[CLI-60] is signed by the home's root, comes into force with it, and is nothing without it", async () => {
    place.put("team.json", trustText(5));
    const ran = await place.ok("trust", "sign", "team.json", "--json");
    expect(schemaFaults("trust-sign", ran.json())).toEqual([]);
    expect(ran.json()).toMatchObject({ signed: "team.trust", root: "team.trust-root.json", sequence: 5 });
    const { thumbprints } = ran.json<{ thumbprints: string[] }>();
    const inForce = place.read("private/home/trust.json").toString();
    for (const thumbprint of thumbprints) expect(inForce).not.toContain(thumbprint);
    expect(await add("team.trust", "--pin")).toBe("signer-unknown");
    expect(await add("team.trust", "--root", "team.trust-root.json", "--pin")).toBe("ok");
    expect((await place.ok("trust", "show", "--json")).json()).toMatchObject({ sequence: 5 });
  });

  test("[CLI-12] [CLI-60] [TRU-15] what lasts long is signed and pinned with a word of caution, once for each name", async () => {
    const named = (name: string, sequence: number, days: number): string => {
      const expires = new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
      return JSON.stringify({ ...(JSON.parse(trustText(sequence)) as object), name, expires });
    };
    const said = async (...argv: string[]): Promise<boolean> =>
      (await place.ok("trust", ...argv)).stderr.includes("more than 90 days");
    place.put("long.json", named("partners", 5, 91));
    place.put("short.json", named("partners", 5, 89));
    expect(await said("sign", "long.json")).toBe(true);
    expect(await said("sign", "short.json")).toBe(false);
    expect(await said("add", "short.json")).toBe(false);
    expect(await said("add", "long.json")).toBe(true);
    expect(await said("add", "long.trust", "--root", "long.trust-root.json", "--pin")).toBe(true);
    expect(await said("add", "long.trust")).toBe(false); // its sequence is known from now on
  });

  test("[CLI-60] what is no trust policy isn't signed, what exists isn't overwritten", async () => {
    place.put("team.json", trustText(5));
    place.put("other.json", '{"version":1}');
    expect(await code("trust", "sign", "other.json")).toBe("trust-schema");
    expect(place.list().some((path) => path.startsWith("other.trust"))).toBe(false);
    expect(await code("trust", "sign", "team.json", "-o", "t.signed")).toBe("ok");
    expect(await code("trust", "sign", "team.json", "-o", "t.signed")).toBe("output-exists");
    expect(await code("trust", "sign", "team.json", "-o", "t.signed", "--force")).toBe("ok");
    expect(await code("trust", "sign", "team.json", "--authority", "urn:example:other")).toBe("usage");
    const named = ["--authority", "urn:example:other", "--signer-key", "local:root-ed25519-mldsa65-1"];
    expect(await code("trust", "sign", "team.json", "-o", "u.signed", ...named)).toBe("ok");
    expect(JSON.parse(place.read("u.signed-root.json").toString())).toMatchObject({
      authority: "urn:example:other",
      suite: "ed25519",
    });
  });

  test("[TRU-7] a changed byte, and a root that is none, are refused", async () => {
    const signed = Buffer.from(await signTrust(trustText(2), root));
    signed[signed.length - 1]! ^= 1;
    place.put("changed.signed", signed);
    place.put("root.json", rootFile(root));
    expect(await add("changed.signed", "--root", "root.json")).toBe("signature-invalid");
    const broken = JSON.parse(rootFile(root)) as { keys: { thumbprint: string }[]; suite: string };
    for (const bad of [
      { ...broken, suite: "mldsa65" },
      { ...broken, keys: broken.keys.slice(1) },
      { ...broken, keys: broken.keys.map((key) => ({ ...key, thumbprint: "00".repeat(32) })) },
      { ...broken, role: "policy" },
      [],
    ]) {
      place.put("bad-root.json", JSON.stringify(bad));
      expect(await add("changed.signed", "--root", "bad-root.json")).toBe("trust-schema");
    }
  });
});

async function served(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/trust.json`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("a trust policy at a URL", () => {
  test("[CLI-12] is fetched from this machine or over https, and pinned like a file", async () => {
    const text = trustText(4);
    await served(
      (_, response) => response.end(text),
      async (url) => {
        expect(await add(url)).toBe("ok");
        expect((await place.ok("trust", "show", "--json")).json()).toMatchObject({ sequence: 1 });
        expect(await add(url, "--pin")).toBe("ok");
        expect((await place.ok("trust", "show", "--json")).json()).toMatchObject({ sequence: 4 });
      },
    );
  });

  test("[CLI-12] elsewhere, with a password, redirected, absent, empty or endless it is refused", async () => {
    const exit = async (url: string): Promise<number> => (await place.writ(["trust", "add", url])).exit;
    for (const url of ["http://198.51.100.7/trust.json", "https://user:secret@example.org/trust.json", "http://"])
      expect(await exit(url)).toBe(2);
    const answers: readonly [string, RequestListener][] = [
      ["input-unreadable", (_, response) => response.writeHead(302, { location: "/other" }).end()],
      ["input-unreadable", (_, response) => response.writeHead(404).end()],
      ["input-empty", (_, response) => response.end()],
      ["input-too-large", (_, response) => response.end(Buffer.alloc((1 << 20) + 1, 32))],
      ["json-invalid", (_, response) => response.end(Buffer.of(0xff, 0xfe))],
    ];
    for (const [expected, listener] of answers)
      await served(listener, async (url) => expect(await add(url), expected).toBe(expected));
  });
});
