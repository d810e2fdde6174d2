// Every other entry that takes bytes of somebody else's: errors of ours with a code, and no key byte in any of them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adopt,
  cover,
  coverBatch,
  createReceiptLog,
  decide,
  derive,
  describeSigner,
  ingest,
  localSigner,
  open,
  openRange,
  parseSpki,
  rawSignature,
  seal,
  signReport,
  signTrust,
  verifyReport,
} from "@writ/core";
import type { CborValue, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import { signApproval, useApprovals, useWaivers } from "@writ/core/approval";
import { packEvidence, verifyEvidence } from "@writ/core/evidence-pack";
import { createSecretKey, privateKeyOfSeed } from "@writ/core/keys";
import { createLocalKeystore } from "@writ/core/local";
import { toCompact, toPortable } from "@writ/core/portable";
import { auditReceipts } from "@writ/core/receipt-audit";
import { pinnedRecipient } from "@writ/core/recipient-key";
import { openTrust, parseTrustRoot } from "@writ/core/trust-root";
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import { decapsulate, encapsulate, kemPublicKey } from "../../packages/core/src/kem.ts";
import { kems } from "../../packages/core/src/suites.ts";
import type { KemKind } from "../../packages/core/src/suites.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import {
  at,
  drain,
  evaluator,
  freshPath,
  keystore,
  newSigner,
  request,
  research,
  sealed,
  signers,
  start,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import { custodyWith } from "./forge.ts";
import { mutants } from "./mutants.ts";
import { errors, ours, oursOrWrongUse, runs, slow } from "./ours.ts";

const officer = newSigner("urn:role:dpo", "ed25519");
const root = newSigner("urn:acme:root", "ed25519");
const withOfficer = trustWith((draft) => void draft.signers.push(describeSigner(officer, "approve")));
const source = await sealed();
const whole = await ingest(source.artifact, withOfficer, { evaluator, clock: at(60) });
const { covered } = await coverBatch([await verified(source.artifact)], { signer: signers.archive, clock: at(70) });
const { artifact: batched } = [...covered][0]!;
const clock = at(200);

const entries: Uint8Array[] = [];
const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock });
await decide(await verified(source.artifact), request, { evaluator, receipts: log, clock });
await log.signRoot(signers.receipts);
const pack = await packEvidence({
  artifacts: [batched],
  logs: [entries],
  trust,
  trustDigest: nameOf(Buffer.from("text")),
  signer: signers.receipts,
  clock,
});
const report = await signReport(
  {
    campaign: new Uint8Array(16),
    corpus: "data",
    suite: signers.archive.suite,
    mode: "commit",
    startedAt: start / 1000 + 50,
    endedAt: start / 1000 + 60,
    ended: "complete",
    trustSequence: 1,
    signCalls: 0,
    entries: [],
  },
  signers.archive,
);
const layers = amendedLayers(whole, [], []).layers;
const approval = await signApproval(
  {
    sources: [whole.name],
    operation: "amend",
    approver: "urn:person:ada",
    lifetimeSeconds: 9000,
    clock: at(90),
    layers,
  },
  officer,
);
const pinned = describeSigner(root, "issue");
const rootText = JSON.stringify({ authority: pinned.authority, suite: pinned.suite, keys: pinned.keys });
const signedTrust = await signTrust(
  JSON.stringify({
    version: 1,
    sequence: 1,
    expires: "2040-01-01T00:00:00Z",
    signers: [pinned],
    suites: { ed25519: {} },
  }),
  root,
);
const { artifact: compact, removed } = toCompact(batched);
const parts = new Map(removed.map((content): [string, Uint8Array] => [nameOf(content), content]));
const ledger = { spend: (): Promise<boolean> => Promise.resolve(true) };
const making = {
  content: Buffer.from("x"),
  write: (): void => undefined,
  recipients: [{ custody: keystore, keyUri: "local:data" }],
  evaluator,
  clock,
};

/** Each entry with bytes that it takes, and a call of it. */
const takers: Readonly<Record<string, { readonly good: Uint8Array; readonly call: (bytes: Uint8Array) => unknown }>> = {
  verifyEvidence: { good: pack, call: (bytes) => verifyEvidence(bytes, trust, { clock }) },
  auditReceipts: { good: entries[0]!, call: (bytes) => auditReceipts([bytes, ...entries.slice(1)], trust, { clock }) },
  verifyReport: { good: report, call: (bytes) => verifyReport(bytes, trust, { clock }) },
  openTrust: { good: signedTrust, call: (bytes) => openTrust(bytes, parseTrustRoot(rootText), 0) },
  useApprovals: {
    good: approval,
    call: (bytes) =>
      useApprovals([bytes], withOfficer, { sources: [whole.name], operation: "amend", layers }, { ledger, clock }),
  },
  useWaivers: { good: approval, call: (bytes) => useWaivers([bytes], whole, "read", { ledger, clock }) },
  "amend, lower": {
    good: approval,
    call: (bytes) =>
      amend(whole, {
        lower: { remove: [], approvals: [bytes], ledger },
        custody: keystore,
        evaluator,
        signer: signers.issuer,
        clock,
      }),
  },
  "amend, add": {
    good: research,
    call: (message) =>
      amend(whole, { add: [{ message }], custody: keystore, evaluator, signer: signers.issuer, clock }),
  },
  seal: { good: research, call: (message) => seal({ ...making, policies: [{ message }], signer: signers.issuer }) },
  adopt: {
    good: research,
    call: (message) =>
      adopt({ content: Buffer.from("x"), policies: [{ message }], signer: signers.issuer, evaluator, clock }),
  },
  derive: {
    good: research,
    call: (message) =>
      derive([whole], { ...making, operation: "aggregate", add: [{ message }], signer: signers.deriver }),
  },
  toCompact: { good: batched, call: toCompact },
  toPortable: {
    good: compact,
    call: (bytes) => toPortable(bytes, { get: (name) => parts.get(name) }),
  },
  "toPortable, store": { good: [...parts.values()][0]!, call: (bytes) => toPortable(compact, { get: () => bytes }) },
  "ingest, store": {
    good: [...parts.values()][0]!,
    call: (bytes) => ingest(compact, trust, { clock, store: { get: () => bytes } }),
  },
  parseSpki: { good: Buffer.from("302a300506032b6570032100" + "11".repeat(32), "hex"), call: parseSpki },
  rawSignature: {
    good: Buffer.from(`3044022011${"11".repeat(31)}022011${"11".repeat(31)}`, "hex"),
    call: (bytes) => rawSignature(-9, bytes),
  },
};

async function opening(of: VerifiedArtifact, more: object, ranged = false): Promise<unknown> {
  const { permit } = await decide(of, request, { evaluator, receipts: "none", clock });
  const options = { custody: keystore, content: source.stored, clock, ...more };
  return ranged ? openRange(of, permit!, { start: 0, end: 3 }, options) : drain(open(of, permit!, options));
}

describe("errors of ours alone", () => {
  test.each(Object.keys(takers))("[ERR-1] for any bytes given to %s", { timeout: 600_000 * slow }, async (name) => {
    const { good, call } = takers[name]!;
    const structured = ((): readonly fc.Arbitrary<Uint8Array>[] => {
      try {
        return [mutants(good)];
      } catch {
        return []; // no CBOR
      }
    })();
    const flipped = fc
      .tuple(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean())
      .map(([position, value, cut]) => {
        const copy = Uint8Array.from(good);
        copy[position]! ^= value;
        return cut ? copy.subarray(0, position) : copy;
      });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 120 }), flipped, ...structured), async (bytes) => {
        seen.add(await ours(() => call(bytes)));
      }),
      runs(150),
    );
    expect(seen.size, "control: they reach more than one check").toBeGreaterThan(0);
  });

  test("[ERR-1] for any text given as a root of trust", { timeout: 600_000 * slow }, async () => {
    const members = JSON.parse(rootText) as Record<string, unknown>;
    const hostile = fc.constantFrom<unknown>(null, 0, "", [], {}, [null], [{}], "x", true, "ed25519+mldsa65", [1, 2]);
    const text = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.json(),
      fc
        .tuple(fc.constantFrom("authority", "suite", "keys", "more"), hostile)
        .map(([member, value]) => JSON.stringify({ ...members, [member]: value })),
      fc
        .tuple(fc.constantFrom("publicKey", "thumbprint", "more"), hostile)
        .map(([member, value]) =>
          JSON.stringify({ ...members, keys: [{ ...(pinned.keys[0] as object), [member]: value }] }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(text, async (input) => {
        await ours(() => parseTrustRoot(input));
      }),
      runs(300),
    );
    expect(parseTrustRoot(rootText).authority, "control").toBe("urn:acme:root");
  });

  test(
    "[ERR-1] [OPN-3] for any leaf list, wrap or ciphertext of a key encapsulation",
    { timeout: 600_000 * slow },
    async () => {
      const artifact = await verified(source.artifact);
      const holder = await createLocalKeystore({ file: freshPath("escapes"), keyFile: freshPath("escapes-key") });
      await holder.createRecipientKey("lab", "x-wing");
      const entry = await holder.recipientKey("local:lab");
      const byKey = trustWith((draft) => void (draft["recipientKeys"] = [entry]));
      const to = pinnedRecipient(byKey, "local:lab", { clock: at(0) });
      const wrapped = await verified((await sealed(Buffer.from("x"), { recipients: [to] })).artifact);
      const recipient = wrapped.keys.recipients[0]!;
      const any = fc.uint8Array({ maxLength: 1300 });
      await fc.assert(
        fc.asyncProperty(any, fc.boolean(), fc.constantFrom(1088, 1120, 1568, 40, 0), async (bytes, ranged, size) => {
          await ours(() => opening(artifact, { leaves: bytes }, ranged));
          const sized = Uint8Array.from({ length: size }, (_, index) => bytes[index % Math.max(1, bytes.length)] ?? 0);
          for (const blob of [bytes, sized])
            for (const kind of ["kem", "kms-kem", "kms-symmetric", "kms-rsa"] as const)
              await ours(() => holder.unwrap({ ...recipient, kind, blob }, new Map()));
        }),
        runs(60),
      );
      expect(await holder.unwrap(recipient, new Map()), "control").not.toBeNull();
    },
  );

  test("[RCP-11] points of small order, and ciphertexts of another length, give no secret", async () => {
    // Source: RFC 7748 6.1; the points of order 1, 2, 4 and 8 of Curve25519 and their twist, as Bernstein lists them
    const points = [
      "00".repeat(32),
      "01" + "00".repeat(31),
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ].map((hex) => Buffer.from(hex, "hex"));
    const seed = new Uint8Array(kems["x-wing"].seedBytes).fill(7);
    const publicKey = kemPublicKey("x-wing", seed);
    const { ciphertext, secret } = encapsulate("x-wing", publicKey);
    for (const point of points) {
      const forged = Buffer.concat([ciphertext.subarray(0, -32), point]);
      expect(decapsulate("x-wing", seed, forged), point.toString("hex")).toBeNull();
      const weak = Buffer.concat([publicKey.subarray(0, -32), point]);
      expect(await ours(() => encapsulate("x-wing", weak)), point.toString("hex")).toBe("key-mismatch");
    }
    expect(Buffer.from(decapsulate("x-wing", seed, ciphertext)!).equals(secret), "control").toBe(true);
    for (const kind of Object.keys(kems) as KemKind[]) {
      const own = new Uint8Array(kems[kind].seedBytes).fill(9);
      const good = encapsulate(kind, kemPublicKey(kind, own));
      for (const size of [0, 1, good.ciphertext.length - 1, good.ciphertext.length + 1])
        expect(decapsulate(kind, own, new Uint8Array(size)), `${kind} ${size}`).toBeNull();
      const other = Uint8Array.from(good.ciphertext);
      other[0]! ^= 1;
      const rejected = decapsulate(kind, own, other);
      expect(rejected?.length, "implicit rejection: other bytes, no error").toBe(32);
      expect(Buffer.from(rejected!).equals(good.secret)).toBe(false);
    }
  });
});

/** Everything that could be printed of an error, its causes included. */
function printed(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map(
    (name) => JSON.stringify((error as unknown as Record<string, unknown>)[name]) ?? "",
  );
  const cause = depth < 5 && error.cause !== undefined ? printed(error.cause, depth + 1) : "";
  return [error.message, error.stack ?? "", JSON.stringify(error), ...own, cause].join("\n");
}

test("[ERR-1] marked key bytes show in no error, wherever a key is given that doesn't fit", async () => {
  const marked = Buffer.from("MARKED-KEY-BYTES-0123456789-abcdefghijklmnopqrstuvwxyz-MARKED-KEY-BYTES!");
  const spellings = [
    "MARKED",
    marked.subarray(0, 8).toString("hex"),
    marked.subarray(0, 9).toString("base64"),
    "77,65,82",
  ];
  const key = (size: number): ReturnType<typeof createSecretKey> => createSecretKey(marked.subarray(0, size));
  const artifact = await verified(source.artifact);
  const before = errors.length;
  const giving = (size: number): object => ({
    custody: custodyWith({
      unwrap: async (recipient, context) => ({ ...(await keystore.unwrap(recipient, context))!, secret: key(size) }),
    }),
  });
  const calls: readonly (() => unknown)[] = [
    () => kemPublicKey("ml-kem-768", marked.subarray(0, 31)),
    () => decapsulate("x-wing", marked.subarray(0, 33), new Uint8Array(1120)),
    () => localSigner("urn:x", "p256", [key(32)]),
    () => localSigner("urn:x", "ed25519+mldsa65", [key(32), key(32)]),
    () => (privateKeyOfSeed(-49, marked.subarray(0, 31)) === null ? Promise.reject(new TypeError("no seed")) : null),
    ...[16, 31, 32, 33, 64].map((size) => () => opening(artifact, giving(size))),
    () =>
      sealed(marked, {
        recipients: [
          {
            custody: custodyWith({
              generate: async (uri, context) => ({ ...(await keystore.generate(uri, context)), secret: key(31) }),
            }),
            keyUri: "local:data",
          },
        ],
      }),
    () => createLocalKeystore({ file: `${freshPath("marked")}/nowhere/at/all`, passphrase: marked.toString() }),
    () => cover(artifact, { signer: { ...signers.archive, keys: [marked as never] }, clock }),
  ];
  for (const call of calls) await oursOrWrongUse(call);
  const found = errors.slice(before);
  expect(found.length, "control: most of them fail").toBeGreaterThan(calls.length - 4);
  for (const error of found)
    for (const spelling of spellings)
      expect(printed(error).includes(spelling), printed(error).slice(0, 300)).toBe(false);
  expect(
    spellings.some((spelling) => printed(new RangeError(marked.toString())).includes(spelling)),
    "control",
  ).toBe(true);
});

test("control: what the entries take unchanged is accepted by those that can be asked twice", async () => {
  const asked = [
    "verifyEvidence",
    "auditReceipts",
    "verifyReport",
    "openTrust",
    "useApprovals",
    "seal",
    "adopt",
    "derive",
    "toCompact",
    "toPortable",
    "parseSpki",
    "rawSignature",
    "amend, lower",
    "amend, add",
  ];
  for (const name of asked) expect(await ours(() => takers[name]!.call(takers[name]!.good)), name).toBe("accepted");
  const value: CborValue = decodeCbor(pack);
  expect(Array.isArray(value)).toBe(true);
});
