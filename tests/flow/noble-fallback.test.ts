// Where Node lacks ML-DSA the noble twin serves it: same artifacts, same verdicts, and it says so.
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeSigner, ingest, parseTrust, suites } from "@writ/core";
import type { SuiteName } from "@writ/core";
import { decapsulate, encapsulate, kemPublicKey } from "../../packages/core/src/kem.ts";
import { at, freshPath, newSigner, sealed, signers } from "../support/scene.ts";

const preload = new URL("../support/without-ml-dsa.mjs", import.meta.url).href;
const child = fileURLToPath(new URL("../support/noble-child.ts", import.meta.url));
const kemChild = fileURLToPath(new URL("../support/kem-child.ts", import.meta.url));
const flags = ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"];

interface Found {
  readonly cryptoBackend: string;
  readonly name: string;
  readonly era: string;
}

interface KemFound {
  readonly cryptoBackend: string;
  readonly made: readonly {
    readonly kind: string;
    readonly publicKey: string;
    readonly ciphertext: string;
    readonly secret: string;
    readonly opened: string;
  }[];
}

function run(folder: string, suite: SuiteName, more: readonly string[] = []): Found {
  const argv = [...flags, ...more, child, folder, suite];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: "utf8" })) as Found;
}

const latticed = (["ed25519+mldsa65", "p384+mldsa87", "mldsa87"] as const).map((suite) => ({ suite }));

test.each(latticed)(
  "[SUI-1] native and noble verify and sign the same artifacts, each what the other made: $suite",
  async ({ suite }) => {
    const folder = freshPath("fallback");
    const issuer = newSigner("urn:acme:data", suite);
    mkdirSync(folder);
    const issued = await sealed(randomBytes(100), { signer: issuer });
    writeFileSync(`${folder}/artifact`, issued.artifact);
    writeFileSync(`${folder}/now`, String(at(60)()));
    writeFileSync(`${folder}/key`, randomBytes(32), { mode: 0o600 });
    const trust = {
      version: 1,
      sequence: 1,
      expires: "2040-01-01T00:00:00Z",
      suites: { ed25519: {}, [suite]: {} },
    };
    writeFileSync(
      `${folder}/trust.json`,
      JSON.stringify({
        ...trust,
        signers: [describeSigner(signers.privacy, "policy"), describeSigner(issuer, "issue")],
      }),
    );
    const native = run(folder, suite);
    const noble = run(folder, suite, ["--import", preload]);
    expect([native.cryptoBackend, noble.cryptoBackend]).toEqual(["native", "noble"]);
    expect(noble).toMatchObject({ name: native.name, era: suites[suite].era });
    for (const backend of ["native", "noble"]) {
      const again = parseTrust(readFileSync(`${folder}/trust-${backend}.json`, "utf8"));
      const artifact = await ingest(readFileSync(`${folder}/covered-${backend}`), again, { clock: at(120) });
      expect(artifact.evidence.anchors.length, backend).toBe(2);
    }
    writeFileSync(
      `${folder}/artifact`,
      issued.artifact.map((byte, index) => (index === issued.artifact.length - 700 ? byte ^ 1 : byte)),
    );
    const control = spawnSync(process.execPath, [...flags, "--import", preload, child, folder, suite], {
      encoding: "utf8",
    });
    expect(control.status).not.toBe(0);
  },
);

test("[RCP-11] native and noble encapsulate to the same keys, each opens what the other made", () => {
  const seed = randomBytes(64);
  const native = (["x-wing", "ml-kem-768", "ml-kem-1024"] as const).map((kind) => {
    const own = seed.subarray(0, kind === "x-wing" ? 32 : 64);
    const publicKey = kemPublicKey(kind, own);
    return { kind, own, publicKey, ...encapsulate(kind, publicKey) };
  });
  const hex = (bytes: Uint8Array | null): string => Buffer.from(bytes!).toString("hex");
  const ciphertexts = Object.fromEntries(native.map(({ kind, ciphertext }) => [kind, hex(ciphertext)]));
  const argv = [...flags, "--import", preload, kemChild, seed.toString("hex"), JSON.stringify(ciphertexts)];
  const noble = JSON.parse(execFileSync(process.execPath, argv, { encoding: "utf8" })) as KemFound;
  expect(noble.cryptoBackend).toBe("noble");
  for (const [index, { kind, own, publicKey, secret }] of native.entries()) {
    const made = noble.made[index]!;
    expect(made).toMatchObject({ kind, publicKey: hex(publicKey), opened: hex(secret) });
    expect(hex(decapsulate(kind, own, Buffer.from(made.ciphertext, "hex")))).toBe(made.secret);
    expect(made.secret, "control").not.toBe(hex(secret));
  }
});
