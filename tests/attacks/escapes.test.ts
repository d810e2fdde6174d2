// What may leave the library when somebody else chose the bytes or the JSON: errors of ours with a code, and nothing secret in them.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createReceiptLog,
  decide,
  describeSigner,
  derive,
  GovernanceError,
  ingest,
  inspect,
  nameOf,
  open,
  openSignedTrust,
  parseJson,
  parsePolicy,
  parseTrust,
  readReceiptFile,
  signTrust,
  splitCarrier,
  verifyReceipts,
} from "@writ/core";
import type { CborMap, CborValue, DecisionRequest, Digest, JsonValue, VerifiedArtifact } from "@writ/core";
import { anchorsName, makeStatement, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, decodeCore, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { encodeSource, listAttachments } from "../../packages/core/src/attachments.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import { signCose } from "../../packages/core/src/cose.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import {
  at,
  document,
  drain,
  evaluator,
  keystore,
  newSigner,
  policy,
  request,
  sealed,
  signers,
  trust,
  verified,
} from "../support/scene.ts";
import { attached, custodyWith } from "./forge.ts";

const slow = process.env["SLOW"] === "1" ? 100 : 1;
const runs = (count: number): { numRuns: number } => ({ numRuns: count * slow });

const plaintext = Buffer.from("PLAINTEXT-that-must-not-show-0123456789");
const licence = await policy(
  document({
    id: "urn:acme:policy:escapes",
    parameters: { tenant: "string" },
    limits: { notOperations: ["train"], regions: [["EU", "US"]] },
    permissions: [
      {
        id: "p1",
        operations: ["read", "aggregate"],
        purposes: ["dpv:AcademicResearch"],
        when: { "principal.org": { ne: { param: "tenant" } } },
      },
    ],
    derive: { share: "forbid", aggregate: { inherit: true, add: { notOperations: ["share"] } } },
  }),
);
const original = await sealed(plaintext, {
  policies: [{ message: licence, parameters: { tenant: "urn:org:x" } }],
  status: [{ uri: "https://status.example/1", index: 3 }],
  custodyRule: { custodies: ["local"], contextPairs: new Map([["tenant", "x"]]) },
  mediaType: "text/csv",
});
const parts = decodeArtifact(original.artifact);
const whole = await verified(original.artifact);
const child = await derive([whole], {
  operation: "aggregate",
  content: plaintext,
  write: () => undefined,
  output: { k: 12 },
  evaluator,
  recipients: [{ custody: keystore, keyUri: "local:data" }],
  signer: signers.deriver,
  clock: at(100),
});

const errors: unknown[] = [];

/** Runs a call on what somebody else chose; any error is one of ours with a code. */
async function ours(call: () => unknown): Promise<string> {
  try {
    await call();
    return "accepted";
  } catch (error) {
    errors.push(error);
    if (error instanceof GovernanceError) return error.code;
    throw new TypeError("another error than one of ours escaped", { cause: error });
  }
}

/** As `ours`, where the caller may also have used the call wrongly. */
async function oursOrWrongUse(call: () => unknown): Promise<string> {
  try {
    await call();
    return "accepted";
  } catch (error) {
    errors.push(error);
    if (error instanceof GovernanceError) return error.code;
    if (error instanceof TypeError || error instanceof RangeError) return error.constructor.name;
    throw new TypeError("another error than one of ours escaped", { cause: error });
  }
}

const pool: readonly CborValue[] = [
  0,
  1,
  -1,
  255,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
  "",
  "x",
  "__proto__",
  "constructor",
  "\u0000\u001b[2J",
  "x".repeat(3000),
  true,
  false,
  null,
  new Uint8Array(),
  new Uint8Array(16),
  new Uint8Array(48),
  [],
  [0],
  [null, null],
  [-43, new Uint8Array(48)],
  new Map(),
  new Map([[1, 1]]),
  new Map([["__proto__", new Map([["polluted", 1]])]]),
];

/** Every place in a value, by path; byte strings that hold CBOR are opened too. */
function placesOf(value: CborValue, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = value instanceof Uint8Array ? openedBytes(value) : value;
  if (Array.isArray(inner))
    return [path, ...inner.flatMap((item, index) => placesOf(item as CborValue, [...path, index]))];
  if (inner instanceof Map)
    return [path, ...[...(inner as CborMap)].flatMap(([key, item]) => placesOf(item, [...path, key]))];
  return [path];
}

function openedBytes(value: Uint8Array): CborValue {
  if (value.length < 2) return value;
  try {
    const inner = decodeCbor(value);
    return Array.isArray(inner) || inner instanceof Map ? inner : value;
  } catch {
    return value;
  }
}

/** A change that keeps the form: the next integer, another bit, a longer text, a shorter list. */
const gently = Symbol("gently");
type Change = CborValue | undefined | typeof gently;

function gentlyChanged(value: CborValue): CborValue {
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return value.slice(1) as CborValue[];
  if (!(value instanceof Uint8Array)) return value;
  const flipped = Uint8Array.from(value);
  if (flipped.length > 0) flipped[flipped.length - 1]! ^= 1;
  return flipped;
}

/** The value with what stands at `path` replaced, or left out where `by` is undefined. */
function changed(value: CborValue, path: readonly (string | number)[], by: Change): CborValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return by === gently ? gentlyChanged(value) : by;
  const wrapped = value instanceof Uint8Array;
  const inner = wrapped ? openedBytes(value) : value;
  let out: CborValue;
  if (Array.isArray(inner)) {
    if (typeof step !== "number" || step >= inner.length) throw new TypeError("no such place");
    const items = [...(inner as readonly CborValue[])];
    const next = changed(items[step]!, rest, by);
    if (next === undefined) items.splice(step, 1);
    else items[step] = next;
    out = items;
  } else {
    if (!(inner instanceof Map) || !inner.has(step)) throw new TypeError("no such place");
    const map = new Map(inner as CborMap);
    const next = changed(map.get(step)!, rest, by);
    if (next === undefined) map.delete(step);
    else map.set(step, next);
    out = map;
  }
  return wrapped ? encodeCbor(out) : out;
}

/** One or two places of a structure changed. */
function mutants(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const value = decodeCbor(bytes);
  const places = placesOf(value).filter((path) => path.length > 0);
  const change = fc.tuple(
    fc.constantFrom(...places),
    fc.oneof(fc.constantFrom(...pool), fc.constant(undefined), { arbitrary: fc.constant(gently), weight: 3 }),
  );
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => {
    let mutant = bytes;
    for (const [path, by] of changes) {
      try {
        mutant = encodeCbor(changed(decodeCbor(mutant), path, by) ?? null);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // the first change took away where the second would have been
      }
    }
    return mutant;
  });
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ maxLength: 60 }).map((tail) => Buffer.concat([original.artifact.subarray(0, 7), tail])),
  fc.tuple(fc.nat({ max: original.artifact.length - 1 }), fc.integer({ min: 1, max: 255 })).map(([position, value]) => {
    const flipped = Uint8Array.from(original.artifact);
    flipped[position]! ^= value;
    return flipped;
  }),
  mutants(original.artifact),
  mutants(child.artifact),
);

/** An artifact whose core and keys are mutants, sealed by the real issuer: what comes after the signatures sees them. */
async function sealedMutant(
  core: Uint8Array,
  keys: Uint8Array,
  attachments: readonly Uint8Array[],
): Promise<Uint8Array> {
  const facts = { artifactId: whole.core.artifactId, contentRoot: whole.core.content.root };
  try {
    const { artifactId, content } = decodeCore(core);
    Object.assign(facts, { artifactId, contentRoot: content.root });
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
  }
  const statement = makeStatement({ core, keys, ...facts }, [], {
    kind: "seal",
    suite: signers.issuer.suite,
    issuedAt: whole.core.issuedAt,
  });
  return encodeArtifact({ core, keys, anchors: [await signAnchor(statement, signers.issuer)], attachments });
}

async function used(artifact: VerifiedArtifact): Promise<void> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(200) });
  if (permit) await drain(open(artifact, permit, { custody: keystore, content: original.stored, clock: at(200) }));
}

describe("errors of ours alone", () => {
  test("[ERR-1] for any bytes given to ingest, inspect and splitCarrier", { timeout: 600_000 * slow }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        seen.add(await ours(() => ingest(input, trust, { evaluator, clock: at(200) })));
        await ours(() => ingest(input, trust, { clock: at(200), store: { get: () => input }, content: input }));
        await ours(() => inspect(input));
        await ours(() => splitCarrier(input));
      }),
      runs(600),
    );
    expect(seen.size).toBeGreaterThan(8);
  });

  test(
    "[ERR-1] for a core and keys that the real issuer signed, whatever is in them",
    { timeout: 600_000 * slow },
    async () => {
      const seen = new Set<string>();
      const attachments = fc.constantFrom(parts.attachments, [...parts.attachments, attached("policy", licence)], []);
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(mutants(parts.core), fc.constant(parts.core)),
          fc.oneof(mutants(parts.keys), fc.constant(parts.keys)),
          attachments,
          async (core, keys, more) => {
            const artifact = await sealedMutant(core, keys, more);
            seen.add(await ours(async () => used(await ingest(artifact, trust, { evaluator, clock: at(200) }))));
            seen.add(
              await ours(async () => used(await ingest(artifact, trust, { clock: at(200), content: original.stored }))),
            );
          },
        ),
        runs(400),
      );
      expect(seen.size).toBeGreaterThan(3);
    },
  );

  test(
    "[ERR-1] for a child whose core, sources and policies are mutants, sealed by a real deriver",
    { timeout: 600_000 * slow },
    async () => {
      const own = decodeArtifact(child.artifact);
      const seen = new Set<string>();
      const issued = whole.core.issuedAt + 100;
      await fc.assert(
        fc.asyncProperty(mutants(own.core), mutants(parts.core), fc.boolean(), async (core, parentCore, sealParent) => {
          const artifactId = (decodeCbor(own.core) as CborMap).get(1) as Uint8Array;
          const root = ((decodeCbor(own.core) as CborMap).get(6) as CborMap).get(3) as readonly [number, Uint8Array];
          const contentRoot: Digest = `sha256:${Buffer.from(root[1]).toString("hex")}`;
          const parent = sealParent
            ? decodeArtifact(await sealedMutant(parentCore, parts.keys, parts.attachments))
            : parts;
          const reference: CborValue = new Map<number, CborValue>([
            [1, whole.core.artifactId],
            [2, [-43, hash(-43, parent.core)]],
            [
              3,
              [-43, Buffer.from(anchorsName(parent.anchors.map((anchor) => ({ anchor, root: null }))).slice(7), "hex")],
            ],
            [4, "parent"],
          ]);
          const named = sealParent ? encodeCbor(changed(decodeCbor(own.core), [9, 2], [reference])!) : core;
          const statement = makeStatement({ core: named, keys: own.keys, artifactId, contentRoot }, [], {
            kind: "seal",
            suite: "ed25519",
            issuedAt: issued,
          });
          const attachments = listAttachments(own.attachments)
            .filter(({ kind }) => kind !== "source")
            .map(({ bytes: kept }) => kept);
          const artifact = encodeArtifact({
            core: named,
            keys: own.keys,
            anchors: [await signAnchor(statement, signers.deriver)],
            attachments: [...attachments, attached("source", encodeSource(parent.core, parent.anchors))],
          });
          seen.add(await ours(() => ingest(artifact, trust, { evaluator, clock: at(300) })));
          seen.add(await ours(() => ingest(artifact, trust, { clock: at(300) })));
        }),
        runs(250),
      );
      expect(seen.size).toBeGreaterThan(5);
    },
  );

  test(
    "[ERR-1] for a policy document that its authority signed, whatever is in it",
    { timeout: 600_000 * slow },
    async () => {
      const seen = new Set<string>();
      const [documentBytes] = decodeCbor(licence) as readonly [Uint8Array, CborValue];
      await fc.assert(
        fc.asyncProperty(mutants(documentBytes), mutants(licence), async (mutant, message) => {
          const signed = encodeCbor([mutant, await signCose("policy", hash(-43, mutant), signers.privacy.keys, false)]);
          for (const policyMessage of [signed, message]) {
            seen.add(await ours(() => parsePolicy(policyMessage)));
            const layer = changed(
              decodeCbor(parts.core),
              [7, 0, 1],
              [-43, Buffer.from(nameOf(policyMessage).slice(7), "hex")],
            );
            const kept = listAttachments(parts.attachments)
              .filter(({ kind }) => kind !== "policy")
              .map(({ bytes: own }) => own);
            const artifact = await sealedMutant(encodeCbor(layer!), parts.keys, [
              ...kept,
              attached("policy", policyMessage),
            ]);
            seen.add(await ours(async () => used(await ingest(artifact, trust, { evaluator, clock: at(200) }))));
          }
        }),
        runs(200),
      );
      expect(seen.size).toBeGreaterThan(3);
    },
  );

  test(
    "[ERR-1] for any text given as a trust policy, and any bytes given as a signed one",
    { timeout: 600_000 * slow },
    async () => {
      const root = newSigner("urn:acme:root", "ed25519");
      const draft = {
        version: 1,
        sequence: 3,
        expires: "2040-01-01T00:00:00Z",
        signers: [
          { ...describeSigner(signers.issuer, "issue"), scope: ["urn:acme:"], notBefore: "2026-01-01T00:00:00Z" },
          describeSigner(signers.archive, "anchor"),
        ],
        suites: { p256: { verifyUntil: "2030-01-01T00:00:00Z" }, "ed25519+mldsa65": {} },
        required: [{ from: "2029-01-01T00:00:00Z", suites: ["mldsa65"], stage: "report-only" }],
        demands: [{ classifications: ["internal"], status: true }],
      };
      const places = placesOf(jsonAsCbor(draft as JsonValue)).filter((path) => path.length > 0);
      const hostile: readonly unknown[] = [
        null,
        0,
        -1,
        Number.POSITIVE_INFINITY,
        0.5,
        "",
        "x",
        [],
        {},
        [null],
        true,
        { __proto__: null, constructor: 1 },
        "9999-99-99T99:99:99Z",
        "x".repeat(5000),
        "__proto__",
      ];
      const text = fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.json(),
        fc
          .tuple(fc.constantFrom(...places), fc.constantFrom(...hostile))
          .map(([path, value]) => JSON.stringify(withJson(draft, path, value))),
        fc.constantFrom(
          '{"__proto__":{"version":1}}',
          '{"constructor":1}',
          '{"version":1,"suites":{"__proto__":{}},"signers":[]}',
          "null",
          "[]",
          '"x"',
          "1e999",
          "\ufeff{}",
        ),
      );
      await fc.assert(
        fc.asyncProperty(text, async (input) => {
          await ours(() => parseJson(input));
          await ours(() => parseTrust(input));
        }),
        runs(800),
      );
      const signed = await signTrust(JSON.stringify(draft), root);
      expect(openSignedTrust(signed, root.keys).sequence, "control").toBe(3);
      await fc.assert(
        fc.asyncProperty(fc.oneof(mutants(signed), fc.uint8Array({ maxLength: 300 })), async (input) => {
          const code = await ours(() => openSignedTrust(input, root.keys));
          if (!Buffer.from(input).equals(signed)) expect(code).not.toBe("accepted");
        }),
        runs(200),
      );
      expect(({} as Record<string, unknown>)["version"]).toBeUndefined();
    },
  );

  test("[ERR-1] for any entries given as receipts", { timeout: 600_000 * slow }, async () => {
    const entries: Uint8Array[] = [];
    const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(60) });
    for (const operation of ["read", "train", "aggregate"] as const)
      await decide(whole, { ...request, operation }, { evaluator, receipts: log, clock: at(60) });
    await log.signRoot(signers.receipts);
    expect(verifyReceipts(entries, trust)).toHaveLength(3);
    const any = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(...entries), ...entries.map(mutants));
    await fc.assert(
      fc.asyncProperty(
        fc.array(any, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.uint8Array({ maxLength: 200 }),
        async (input, trusting, tail) => {
          await ours(() => verifyReceipts(input, trusting ? trust : null));
          await ours(() => readReceiptFile(Buffer.concat([Buffer.from("WRITREC1"), tail])));
          await ours(() => readReceiptFile(tail));
        },
      ),
      runs(400),
    );
  });

  test("[ERR-1] [REQ-3] for any JSON asked of decide", { timeout: 600_000 * slow }, async () => {
    const value = fc.oneof(
      fc.json().map((text) => JSON.parse(text) as unknown),
      fc.constantFrom(
        undefined,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        10n,
        Symbol.iterator,
        new Date(0),
        new Map(),
        () => 1,
      ),
    );
    const member = fc.constantFrom(
      "operation",
      "purposes",
      "principal",
      "region",
      "destination",
      "output",
      "facts",
      "__proto__",
      "constructor",
      "more",
    );
    const asked = fc.oneof(
      value,
      fc
        .dictionary(member, value)
        .map((members) => Object.defineProperties({ ...request }, Object.getOwnPropertyDescriptors(members))),
      fc
        .dictionary(fc.constantFrom("id", "kind", "roles", "org", "clearance", "actingFor", "__proto__"), value)
        .map((principal) => ({ ...request, principal })),
    );
    const endless: { id: string; kind: string; actingFor?: unknown } = { id: "urn:a", kind: "agent" };
    endless.actingFor = endless;
    expect(
      await oursOrWrongUse(() =>
        decide(whole, { ...request, principal: endless } as never, { evaluator, receipts: "none", clock: at(60) }),
      ),
    ).toBe("request-schema");
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(asked, async (input) => {
        seen.add(
          await oursOrWrongUse(() =>
            decide(whole, input as DecisionRequest, { evaluator, receipts: "none", clock: at(60) }),
          ),
        );
      }),
      runs(800),
    );
    expect([...seen]).toEqual(expect.arrayContaining(["accepted", "request-schema", "TypeError"]));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

/** JSON as a value of the data model, for its places alone. */
function jsonAsCbor(value: JsonValue): CborValue {
  if (Array.isArray(value)) return value.map((item) => jsonAsCbor(item as JsonValue));
  if (typeof value === "object" && value !== null)
    return new Map(Object.entries(value).map(([key, item]) => [key, jsonAsCbor(item)]));
  return value;
}

function withJson(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? withJson(item, rest, by) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]: [string, unknown]) => [
      key,
      key === step ? withJson(item, rest, by) : item,
    ]),
  );
}

describe("nothing secret in errors", () => {
  /** Everything that could be printed of an error, its causes included. */
  function printed(error: unknown, depth = 0): string {
    if (!(error instanceof Error)) return String(error);
    const own = Object.getOwnPropertyNames(error).map(
      (name) =>
        JSON.stringify((error as unknown as Record<string, unknown>)[name], (_, value: unknown) =>
          typeof value === "bigint" ? String(value) : value,
        ) ?? "",
    );
    const cause = depth < 5 && error.cause !== undefined ? printed(error.cause, depth + 1) : "";
    return [error.message, error.stack ?? "", JSON.stringify(error), ...own, cause].join("\n");
  }

  const spellings = (secret: Uint8Array): string[] => {
    const buffer = Buffer.from(secret);
    return [
      buffer.toString("hex"),
      buffer.toString("base64").slice(0, 40),
      buffer.toString("base64url").slice(0, 40),
      buffer.toString("latin1"),
      JSON.stringify([...buffer]).slice(1, 60),
    ];
  };

  test("[ERR-1] no key, secret or plaintext shows in an error or in its JSON, wherever opening fails", async () => {
    const secrets: Uint8Array[] = [plaintext];
    const noting = custodyWith({
      unwrap: async (recipient, context) => {
        const answer = await keystore.unwrap(recipient, context);
        if (answer) secrets.push(answer.secret.export());
        return answer;
      },
    });
    const opening = async (change: object): Promise<void> => {
      const { permit } = await decide(openable, request, { evaluator, receipts: "none", clock: at(90) });
      await drain(open(openable, permit!, { custody: noting, content: simple.stored, clock: at(90), ...change }));
    };
    const simple = await sealed(plaintext);
    const openable = await verified(simple.artifact);
    await opening({});
    expect(secrets.length, "control: the secrets are known").toBe(2);
    const flipped = (position: number): Uint8Array => {
      const copy = Uint8Array.from(simple.stored);
      copy[position]! ^= 1;
      return copy;
    };
    const failing: object[] = [
      ...[0, 5, 20, 60, 80, 100, simple.stored.length - 1].map((position) => ({ content: flipped(position) })),
      { content: simple.stored.subarray(0, 90) },
      { leaves: randomBytes(32) },
      { leaves: randomBytes(31) },
      { custody: custodyWith({ unwrap: () => Promise.resolve(null) }) },
      {
        custody: custodyWith({
          unwrap: async (recipient, context) => ({
            ...(await keystore.unwrap(recipient, context))!,
            secret: plaintext as never,
          }),
        }),
      },
      { custody: [] },
      { more: plaintext },
      {
        requiredContext: new Map([["a", plaintext.toString()]]),
        custody: custodyWith({ unwrap: () => Promise.reject(new RangeError("no")) }),
      },
    ];
    const before = errors.length;
    for (const change of failing) expect(await oursOrWrongUse(() => opening(change))).not.toBe("accepted");
    expect(errors.length - before).toBe(failing.length);
    for (const error of errors) {
      const text = printed(error);
      for (const secret of secrets)
        for (const spelling of spellings(secret)) expect(text.includes(spelling), text.slice(0, 200)).toBe(false);
    }
    expect(
      spellings(plaintext).some((spelling) => printed(new RangeError(plaintext.toString())).includes(spelling)),
      "control",
    ).toBe(true);
    expect(errors.length, "control: the errors of all properties above").toBeGreaterThan(1000);
  });

  test("[ERR-1] messages begin in lower case and end without a full stop", () => {
    for (const error of errors) {
      if (!(error instanceof GovernanceError)) continue;
      expect(error.message).toMatch(/^[^A-Z]|^(JSON|COSE|FLOE)/);
      expect(error.message.endsWith(".")).toBe(false);
    }
  });
});
