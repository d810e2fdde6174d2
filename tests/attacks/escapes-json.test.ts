// What may leave the library when somebody else chose a trust policy, a receipt log or a request: errors of ours with a code.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createReceiptLog,
  decide,
  describeSigner,
  openSignedTrust,
  parseJson,
  parseTrust,
  readReceiptFile,
  signTrust,
  verifyReceipts,
} from "@writ/core";
import type { CborValue, DecisionRequest, JsonValue } from "@writ/core";

import { at, evaluator, newSigner, request, signers, trust } from "../support/scene.ts";
import { whole } from "./escape-scene.ts";
import { mutants, placesOf } from "./mutants.ts";
import { ours, oursOrWrongUse, runs, slow } from "./ours.ts";

describe("errors of ours alone", () => {
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
      expect(openSignedTrust(signed, root.keys, 0).sequence, "control").toBe(3);
      await fc.assert(
        fc.asyncProperty(fc.oneof(mutants(signed), fc.uint8Array({ maxLength: 300 })), async (input) => {
          const code = await ours(() => openSignedTrust(input, root.keys, 0));
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
