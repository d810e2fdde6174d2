// Trust policies by themselves: what is read, and what is refused.
import { thumbprint } from "../../packages/core/src/cose.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { coseSign, flipped } from "./cose.ts";
import type { CoseEdits } from "./cose.ts";
import { describeSigner } from "../../packages/core/src/trust.ts";
import type { Role } from "../../packages/core/src/trust.ts";
import { bytesOf, signerOf } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import { trustPolicies } from "./trust.ts";
import type { SignerJson, TrustJson } from "./trust.ts";
import type { VectorFile } from "./vector.ts";

const base = trustPolicies.find(({ name }) => name === "base")!;
const root = signerOf("root", "urn:example:root", "ed25519");
const hybridRoot = signerOf("root hybrid", "urn:example:root", "ed25519+mldsa65");

interface TrustCase {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly text?: string;
  readonly signed?: string;
  readonly pinned?: readonly { readonly alg: number; readonly publicKey: string }[];
  readonly highestSeen?: number;
  readonly now?: string;
  readonly expect: unknown;
}

/** What reading a trust policy gives. */
const read = {
  name: base.name,
  sequence: base.sequence,
  expires: base.expires,
  signers: base.signers.map(({ authority, role, suite }) => ({ authority, role, suite })),
};

function refusedText(id: string, code: ErrorCode, spec: readonly string[], title: string, text: string): TrustCase {
  return { id, title, spec, text, expect: { code } };
}

/** `base` with one thing changed. */
function changed(
  id: string,
  code: ErrorCode,
  spec: readonly string[],
  title: string,
  change: Readonly<Record<string, unknown>>,
): TrustCase {
  return refusedText(id, code, spec, title, JSON.stringify({ ...base, ...change }));
}

/** `base` with its first signer changed. */
function signer(
  id: string,
  code: ErrorCode,
  spec: readonly string[],
  title: string,
  change: Readonly<Record<string, unknown>>,
): TrustCase {
  return changed(id, code, spec, title, { signers: [{ ...base.signers[0], ...change }, ...base.signers.slice(1)] });
}

/** The signers of `base`, and one for each role and prefix. */
function listSigners(given: readonly (readonly [Role, string])[]): readonly SignerJson[] {
  const more = given.map(([role, prefix], index) => ({
    ...describeSigner(signerOf(`list ${index}`, `urn:example:list-${index}`, "ed25519"), role),
    scope: [prefix],
  }));
  return [...base.signers, ...more];
}

function lists(id: string, title: string, given: readonly (readonly [Role, string])[]): TrustCase {
  return changed(id, "trust-schema", ["TRU-12"], title, { signers: listSigners(given) });
}

function textCases(): TrustCase[] {
  const text = JSON.stringify(base);
  const [first] = base.signers as [SignerJson, ...SignerJson[]];
  const key = first.keys[0]!;
  const raw = Buffer.from(key.publicKey, "base64url");
  const offCurve = Buffer.concat([raw.subarray(0, 64), Buffer.of((raw[64] ?? 0) ^ 1)]);
  return [
    { id: "missing", title: "no trust policy at all", spec: ["TRU-4"], expect: { code: "trust-missing" } },
    { id: "read", title: "a trust policy", spec: ["TRU-1"], text, expect: read },
    refusedText("not-json", "json-invalid", ["TRU-1"], "text that isn't JSON", text.slice(0, -1)),
    refusedText(
      "duplicate-member",
      "json-duplicate-member",
      ["TRU-1"],
      "a member twice",
      text.replace('"sequence":7', '"sequence":8,"sequence":7'),
    ),
    refusedText(
      "duplicate-member-escaped",
      "json-duplicate-member",
      ["TRU-1"],
      "a member twice, once with an escape",
      text.replace('"sequence":7', '"sequen\\u0063e":8,"sequence":7'),
    ),
    refusedText(
      "nested-deeper-than-64",
      "json-invalid",
      ["TRU-1"],
      "65 levels, in a member that the schema doesn't have",
      text.replace("{", `{"x":${"[".repeat(64)}${"]".repeat(64)},`),
    ),
    changed("version-2", "trust-schema", ["TRU-1"], "version 2", { version: 2 }),
    changed("unknown-member", "trust-schema", ["TRU-1"], "a member that the schema doesn't have", {
      jwks: "https://keys.example",
    }),
    changed("no-suites", "trust-schema", ["TRU-1"], "no suites", { suites: {} }),
    changed("no-signers", "trust-schema", ["TRU-1"], "no signers", { signers: [] }),
    changed("sequence-missing", "trust-schema", ["TRU-1"], "no sequence", { sequence: undefined }),
    changed("sequence-text", "trust-schema", ["TRU-1"], "a sequence as text", { sequence: "7" }),
    changed("expires-missing", "trust-schema", ["TRU-1"], "no expiry", { expires: undefined }),
    changed("date-that-does-not-exist", "trust-schema", ["TRU-1"], "30 February", { expires: "2026-02-30T00:00:00Z" }),
    changed("date-with-offset", "trust-schema", ["TRU-1"], "an instant with an offset", {
      expires: "2026-12-31T00:00:00+01:00",
    }),
    changed("stage-unknown", "trust-schema", ["TRU-1", "TRU-10"], "a stage that there isn't", {
      required: [{ from: "2026-01-01T00:00:00Z", suites: ["p256"], stage: "warn" }],
    }),
    changed("authorities-zero", "trust-schema", ["TRU-1", "TRU-10"], "a requirement of no authority", {
      required: [{ from: "2026-01-01T00:00:00Z", suites: ["p256"], authorities: 0, stage: "enforce" }],
    }),
    changed(
      "demand-unknown-classification",
      "trust-schema",
      ["TRU-1"],
      "a demand for a classification that there isn't",
      { demands: [{ classifications: ["secret"], status: true }] },
    ),
    signer("role-unknown", "trust-schema", ["TRU-2"], "a role that there isn't", { role: "admin" }),
    signer("two-roles", "trust-schema", ["TRU-2"], "two roles", { role: ["issue", "anchor"] }),
    changed("key-in-two-signers", "trust-schema", ["TRU-2"], "a key in two signers", {
      signers: [...base.signers, { ...first, role: "anchor" }],
    }),
    changed(
      "key-of-hybrid-in-two-signers",
      "trust-schema",
      ["TRU-2"],
      "the Ed25519 key of a hybrid signer in a signer of its own",
      hybridHalf(),
    ),
    signer("suite-unknown-of-signer", "trust-schema", ["TRU-3", "SUI-2"], "a signer of a suite that there isn't", {
      suite: "p521",
    }),
    signer("too-many-keys", "trust-schema", ["TRU-3"], "two keys under a suite of one", {
      keys: [key, { thumbprint: bytesHex("thumbprint"), publicKey: key.publicKey }],
    }),
    signer("too-few-keys", "trust-schema", ["TRU-3"], "one key under a suite of two", { suite: "ed25519+mldsa65" }),
    signer("thumbprint-of-another", "trust-schema", ["TRU-3", "COS-4"], "the thumbprint of another key", {
      keys: [{ thumbprint: bytesHex("thumbprint"), publicKey: key.publicKey }],
    }),
    signer("key-of-other-algorithm", "key-mismatch", ["TRU-3"], "a P-256 key under ed25519", { suite: "ed25519" }),
    signer("key-short", "key-mismatch", ["TRU-3"], "a public key a byte short", {
      keys: [{ ...key, publicKey: raw.subarray(0, 64).toString("base64url") }],
    }),
    signer(
      "key-bits-behind-its-bytes",
      "key-mismatch",
      ["TRU-3"],
      "base64url whose last digit has bits behind the last byte",
      {
        keys: [{ ...key, publicKey: key.publicKey.replace(/w$/, "x") }],
      },
    ),
    signer(
      "key-of-other-form",
      "key-mismatch",
      ["TRU-3"],
      "a point whose first byte isn't 4, with its own thumbprint",
      {
        keys: [keyJson(Buffer.concat([Buffer.of(6 + (raw[64]! & 1)), raw.subarray(1)]))],
      },
    ),
    signer("key-off-curve", "key-mismatch", ["TRU-3"], "a point that isn't on the curve, with its own thumbprint", {
      keys: [keyJson(offCurve)],
    }),
    signer("key-not-base64url", "trust-schema", ["TRU-1"], "a public key in padded base64", {
      keys: [{ ...key, publicKey: `${key.publicKey}=` }],
    }),
    signer("authority-no-uri", "trust-schema", ["TRU-1"], "an authority that is no URI", { authority: "the issuer" }),
    changed("scope-of-anchor", "trust-schema", ["TRU-2"], "a scope for a role that has none", {
      signers: base.signers.map((one) => (one.role === "anchor" ? { ...one, scope: ["urn:example:"] } : one)),
    }),
    changed("status-without-scope", "trust-schema", ["TRU-2"], "a status signer for every URI", {
      signers: base.signers.map((one) => (one.role === "receipt" ? { ...one, role: "status" } : one)),
    }),
    changed("hold-in-scope-of-status", "trust-schema", ["TRU-12"], "a URI for a status signer and a hold signer", {
      signers: base.signers.map((one) =>
        one.role === "receipt"
          ? { ...one, role: "status", scope: ["https://status.example/"] }
          : one.role === "derive"
            ? { ...one, role: "hold", scope: ["https://status.example/holds/"] }
            : one,
      ),
    }),
    lists("status-in-scope-of-hold", "a list of holds whose prefix begins that of a status signer", [
      ["status", "https://lists.example/holds/status/"],
      ["hold", "https://lists.example/holds/"],
    ]),
    lists("status-of-a-bare-host", "a status signer's host without a slash behind it", [
      ["status", "https://status.example"],
    ]),
    lists("hold-of-a-bare-host", "a hold signer's host without a slash behind it", [
      ["hold", "https://holds.example:443"],
    ]),
    {
      id: "status-and-hold-apart",
      title: "lists of one host, apart by their paths, and a prefix that names no host",
      spec: ["TRU-12"],
      text: JSON.stringify({
        ...base,
        signers: listSigners([
          ["status", "https://lists.example/status/"],
          ["hold", "https://lists.example/holds/"],
          ["status", "urn:example:consent:"],
        ]),
      }),
      expect: {
        ...read,
        signers: listSigners([
          ["status", ""],
          ["hold", ""],
          ["status", ""],
        ]).map(({ authority, role, suite }) => ({ authority, role, suite })),
      },
    },
    changed("time-of-policy", "trust-schema", ["TRU-2"], "a policy authority trusted for time", {
      signers: base.signers.map((one) => (one.role === "policy" ? { ...one, trustedTime: true } : one)),
    }),
  ];
}

const recipientKey = (label: string, kind: string, size: number): Readonly<Record<string, unknown>> => ({
  uri: `urn:example:recipient:${label}`,
  kind,
  publicKey: Buffer.from(coefficients(label, size)).toString("base64url"),
});

/** Bytes of a label, as 12-bit coefficients that are all below 2048, and 32 bytes more. */
function coefficients(label: string, size: number): Uint8Array {
  return bytesOf(`recipient ${label}`, size).map((byte, at) =>
    at % 3 === 1 ? byte & 0x77 : at % 3 === 2 ? byte & 0x7f : byte,
  );
}

function recipientCases(): TrustCase[] {
  const hub = recipientKey("hub", "x-wing", 1216);
  const vault = recipientKey("vault", "ml-kem-768", 1184);
  const long = recipientKey("archive", "ml-kem-1024", 1568);
  const spec = ["TRU-13"];
  const beyond = Buffer.from(vault["publicKey"] as string, "base64url");
  beyond.set([0x01, 0x0d], 0); // 3329, the modulus
  const second = Buffer.from(vault["publicKey"] as string, "base64url");
  second.set([0x00, 0x10, 0xd0], 0); // 0, then 3329
  const highest = Buffer.from(beyond);
  highest.set([0x00, 0x0d], 0); // 3328
  const refused = (id: string, code: ErrorCode, title: string, keys: readonly unknown[]): TrustCase =>
    changed(id, code, spec, title, { recipientKeys: keys });
  const readKeys = (id: string, title: string, keys: readonly unknown[]): TrustCase => ({
    id,
    title,
    spec,
    text: JSON.stringify({ ...base, recipientKeys: keys }),
    expect: read,
  });
  return [
    readKeys("recipient-keys", "recipient keys of every kind", [
      hub,
      { ...vault, notBefore: "2026-01-01T00:00:00Z", notAfter: "2027-01-01T00:00:00Z" },
      long,
    ]),
    readKeys("recipient-key-highest-coefficient", "a coefficient of 3328", [
      { ...vault, publicKey: highest.toString("base64url") },
    ]),
    refused("recipient-key-coefficient", "key-mismatch", "a coefficient of 3329", [
      { ...vault, publicKey: beyond.toString("base64url") },
    ]),
    refused("recipient-key-second-coefficient", "key-mismatch", "a coefficient of 3329 in the second place of a pair", [
      { ...vault, publicKey: second.toString("base64url") },
    ]),
    refused("recipient-key-other-kind", "key-mismatch", "a key of another kind's length", [
      { ...vault, kind: "ml-kem-1024" },
    ]),
    refused("recipient-key-base64url", "key-mismatch", "bits behind the last byte", [
      { ...hub, publicKey: `${(hub["publicKey"] as string).slice(0, -1)}_` },
    ]),
    refused("recipient-key-kind-unknown", "trust-schema", "a kind that is not known", [{ ...hub, kind: "rsa-3072" }]),
    refused("recipient-key-member-unknown", "trust-schema", "a member that is not known", [{ ...hub, alg: "X-Wing" }]),
    refused("recipient-key-uri-twice", "trust-schema", "one URI in two keys", [hub, { ...vault, uri: hub["uri"] }]),
    refused("recipient-key-date", "trust-schema", "a date that does not exist", [
      { ...hub, notAfter: "2026-02-30T00:00:00Z" },
    ]),
    refused("recipient-key-none", "trust-schema", "an empty list of recipient keys", []),
  ];
}

function bytesHex(label: string): string {
  return Buffer.from(bytesOf(label, 32)).toString("hex");
}

function keyJson(raw: Uint8Array): { thumbprint: string; publicKey: string } {
  return {
    thumbprint: Buffer.from(thumbprint(-9, raw)).toString("hex"),
    publicKey: Buffer.from(raw).toString("base64url"),
  };
}

function hybridHalf(): Readonly<Record<string, unknown>> {
  const hybrid = trustPolicies.find(({ name }) => name === "hybrid")!;
  const whole = hybrid.signers.find(({ suite, role }) => suite === "ed25519+mldsa65" && role === "issue")!;
  return {
    signers: [
      ...hybrid.signers,
      { authority: whole.authority, suite: "ed25519", role: "issue", keys: whole.keys.slice(0, 1) },
    ],
  };
}

async function signedBytes(text: string, by: Signer, cose: CoseEdits = {}, attached = true): Promise<string> {
  return Buffer.from(encodeRaw(await coseSign("trust", Buffer.from(text), by, attached, cose))).toString("base64");
}

function pins(by: Signer): TrustCase["pinned"] & {} {
  return by.keys.map(({ alg, publicKey }) => ({ alg, publicKey: Buffer.from(publicKey).toString("base64") }));
}

async function signedCases(): Promise<TrustCase[]> {
  const text = JSON.stringify(base);
  const pinned = pins(root);
  const within = "2026-10-02T00:00:00Z"; // 90 days before its end
  const refusal = (
    id: string,
    code: ErrorCode,
    title: string,
    signed: string,
    more: Partial<TrustCase> = {},
  ): TrustCase => ({ id, title, spec: ["TRU-7"], signed, pinned, now: within, ...more, expect: { code } });
  const half: Signer = { ...hybridRoot, suite: "ed25519", keys: hybridRoot.keys.slice(0, 1) };
  const bad: TrustJson = { ...base, expires: "2026-02-30T00:00:00Z" };
  return [
    {
      id: "signed",
      title: "the signed form",
      spec: ["TRU-7", "COS-2"],
      signed: await signedBytes(text, root),
      pinned,
      highestSeen: 7,
      expect: read,
    },
    {
      id: "signed-hybrid",
      title: "the signed form under a hybrid root",
      spec: ["TRU-7"],
      signed: await signedBytes(text, hybridRoot),
      pinned: pins(hybridRoot),
      highestSeen: 0,
      expect: read,
    },
    {
      id: "signed-without-memory",
      title: "the signed form 90 days before its end, for a reader that keeps no sequence",
      spec: ["TRU-15"],
      signed: await signedBytes(text, root),
      pinned,
      now: within,
      expect: read,
    },
    refusal(
      "signed-lasting-without-memory",
      "trust-sequence",
      "more than 90 days before its end, for a reader that keeps no sequence",
      await signedBytes(text, root),
      { spec: ["TRU-15"], now: "2026-10-01T23:59:59Z" },
    ),
    {
      id: "signed-lasting",
      title: "years before its end, for a reader that keeps the sequence",
      spec: ["TRU-15"],
      signed: await signedBytes(text, root),
      pinned,
      highestSeen: 0,
      now: "2020-01-01T00:00:00Z",
      expect: read,
    },
    refusal("signed-older", "trust-sequence", "a sequence below the highest seen", await signedBytes(text, root), {
      highestSeen: 8,
    }),
    refusal(
      "signed-by-another-root",
      "signer-unknown",
      "another root than the pinned one",
      await signedBytes(text, hybridRoot),
    ),
    refusal("signed-half-of-the-root", "signer-unknown", "one half of a hybrid root", await signedBytes(text, half), {
      pinned: pins(hybridRoot),
    }),
    refusal(
      "signed-flipped",
      "signature-invalid",
      "a bit of the signature changed",
      await signedBytes(text, root, { signature: (signature) => flipped(signature) }),
    ),
    refusal(
      "signed-other-text",
      "signature-invalid",
      "another text than was signed",
      await signedBytes(text, root, { signed: Buffer.from(text.replace('"sequence":7', '"sequence":6')) }),
    ),
    refusal(
      "signed-as-policy",
      "cose-structure",
      "a signature of another use",
      await signedBytes(text, root, { use: "policy" }),
    ),
    refusal(
      "signed-aad-of-policy",
      "signature-invalid",
      "signed under the external_aad of another use",
      await signedBytes(text, root, { aad: "writ/1 policy" }),
    ),
    refusal("signed-detached", "cose-structure", "the text left out", await signedBytes(text, root, {}, false)),
    refusal(
      "signed-byte-order-mark",
      "json-invalid",
      "a signed text that begins with a byte order mark",
      await signedBytes(`\ufeff${text}`, root),
    ),
    refusal(
      "signed-bad-text",
      "trust-schema",
      "a signed text that is no trust policy",
      await signedBytes(JSON.stringify(bad), root),
    ),
  ];
}

/** Every case of trust policies. */
export async function trustVectors(): Promise<VectorFile[]> {
  return [...textCases(), ...recipientCases(), ...(await signedCases())].map((json) => ({
    path: `trust/cases/${json.id}.json`,
    json,
  }));
}
