// What changes after sealing, end to end: an emergency, a revoked parent, a lapsed list. Each receipt says how old the state was.
import { describe, expect, test } from "vitest";
import { decide, derive, describeSigner, ingest, open } from "@writ/core";
import type { DecisionRequest, ReceiptBody, StateSources, SuppliedState, VerifiedArtifact } from "@writ/core";
import { consentSource, signConsents, signStatusList, statusSource } from "@writ/evaluator/status";
import type { ListedStatus } from "@writ/evaluator/status";
import {
  at,
  codeOf,
  document,
  drain,
  evaluator,
  keystore,
  memorySink,
  newSigner,
  policy,
  request,
  sealed,
  signers,
  start,
  trustWith,
} from "../support/scene.ts";

const uri = "https://status.acme.example/1";
const register = "https://status.acme.example/consents";
const consent = "urn:acme:consent:7";
const registrar = newSigner("urn:acme:registrar", "ed25519");
const startSeconds = start / 1000;
const trust = trustWith((draft) => {
  const scope = ["https://status.acme.example/", "urn:acme:consent:"];
  draft.signers.push({ ...describeSigner(registrar, "status"), scope });
});

interface Registers {
  readonly status: ListedStatus;
  readonly consent: "given" | "withdrawn";
  readonly issuedAt: number;
}

/** Sources over a list and a register that were issued `issuedAt` seconds after the start. */
async function sourcesAt(seconds: number, { status, consent: value, issuedAt }: Registers): Promise<StateSources> {
  const times = { issuedAt: startSeconds + issuedAt };
  const list = await signStatusList({ uri, size: 8, entries: new Map([[3, status]]), ...times }, registrar);
  const consents = await signConsents({ uri: register, consents: { [consent]: { value } }, ...times }, registrar);
  const fetch = (from: string): Promise<string> => Promise.resolve(from === uri ? list : consents);
  const options = { trust, fetch, clock: at(seconds), maxAgeMs: 1e12 };
  return { status: statusSource(options), consents: consentSource({ ...options, register }) };
}

const ward = await policy(
  document({
    id: "urn:acme:policy:ward",
    limits: { consents: [consent], regions: [["EU"]], maxStaleness: { status: "PT1H", consent: "PT1H" } },
    permissions: [
      { id: "care", operations: ["read"], purposes: ["dpv:AcademicResearch"] },
      {
        id: "emergency",
        operations: ["read"],
        purposes: ["writ:Emergency"],
        waives: ["consents", "regions", "maxStaleness"],
        duties: ["incident"],
      },
    ],
    duties: [{ id: "incident", type: "report", trigger: "after-use", within: "P1D", by: "urn:role:dpo" }],
  }),
);

async function artifactOf(
  message: Uint8Array,
  status = [{ uri, index: 3 }],
): Promise<{ verified: VerifiedArtifact; stored: Uint8Array }> {
  const { artifact, stored } = await sealed(undefined, { policies: [{ message }], status });
  return { verified: await ingest(artifact, trust, { evaluator, clock: at(60) }), stored };
}

interface Outcome {
  readonly verdict: string;
  readonly codes: readonly string[];
  readonly receipt: ReceiptBody;
}

async function ask(
  verified: VerifiedArtifact,
  asked: DecisionRequest,
  seconds: number,
  registers: Registers,
  state: SuppliedState = {},
): Promise<Outcome> {
  const sink = memorySink();
  const options = {
    evaluator,
    receipts: sink,
    clock: at(seconds),
    sources: await sourcesAt(seconds, registers),
    state,
  };
  const { verdict, reasons } = await decide(verified, asked, options);
  return { verdict, codes: reasons.map(({ code }) => code), receipt: sink.bodies[0]! };
}

const emergency: DecisionRequest = { ...request, purposes: ["writ:Emergency"], region: "US" };
const proven: SuppliedState = { assurance: { "principal.kind": 2, "principal.org": 2, "principal.roles": 2 } };
const fresh: Registers = { status: "valid", consent: "given", issuedAt: 30 };

describe("break-glass", () => {
  test("[EVL-9] a proven principal in an emergency passes consent, region and age; the receipt is marked and owes a report", async () => {
    const { verified, stored } = await artifactOf(ward);
    const old: Registers = { status: "valid", consent: "withdrawn", issuedAt: 30 };
    const seconds = 30 + 7200; // both are older than the policy takes
    const { verdict, receipt } = await ask(verified, emergency, seconds, old, proven);
    expect(verdict).toBe("permit");
    expect(receipt.reasons).toEqual([{ code: "waived", rule: "emergency" }]);
    expect(receipt.obligations).toMatchObject([
      { duty: "incident", dueAt: startSeconds + seconds + 86_400, by: "urn:role:dpo" },
    ]);
    expect(receipt.assurances?.get("principal.kind")).toBe(2);
    expect(Object.fromEntries(receipt.stateAgesMs!)).toEqual({
      [`status:${uri}#3`]: 7_200_000,
      [`consent:${consent}`]: 7_200_000,
    });
    const sink = memorySink();
    const options = { evaluator, receipts: sink, clock: at(60), sources: await sourcesAt(60, fresh), state: proven };
    const { permit } = await decide(verified, emergency, options);
    const plain = await drain(open(verified, permit!, { content: stored, custody: [keystore], clock: at(60) }));
    expect(plain.toString()).toBe("ten rows of data");
    expect(sink.bodies.map(({ kind }) => kind)).toEqual(["decision", "release"]);
  });

  test("[EVL-9] it takes proof, an emergency, and reaches neither status nor another layer", async () => {
    const { verified } = await artifactOf(ward);
    const withdrawn: Registers = { ...fresh, consent: "withdrawn" };
    const asserted = await ask(verified, emergency, 60, withdrawn);
    expect(asserted.verdict).not.toBe("permit");
    expect(
      (await ask(verified, { ...emergency, purposes: ["dpv:AcademicResearch"] }, 60, withdrawn, proven)).verdict,
    ).toBe("deny");
    const revoked = await ask(verified, emergency, 60, { ...withdrawn, status: "revoked" }, proven);
    expect(revoked).toMatchObject({ verdict: "deny" });
    expect(revoked.codes).toContain("status");
    const strict = await policy(
      document({ id: "urn:acme:policy:strict", kind: "restrict", limits: { regions: [["EU"]] } }),
    );
    const { artifact } = await sealed(undefined, {
      policies: [{ message: ward }, { message: strict }],
      status: [{ uri, index: 3 }],
    });
    const both = await ingest(artifact, trust, { evaluator, clock: at(60) });
    expect((await ask(both, emergency, 60, withdrawn, proven)).codes).toContain("region");
    expect((await ask(verified, emergency, 60, withdrawn, proven)).verdict).toBe("permit"); // control
  });
});

describe("what changes after sealing", () => {
  const plain = document({
    id: "urn:acme:policy:shared",
    limits: { maxStaleness: { status: "PT1H" } },
    permissions: [{ id: "p", operations: ["read", "aggregate"] }],
  });

  test("[LIM-8] [LIN-5] a parent that is revoked takes its children with it", async () => {
    const parent = await artifactOf(await policy(plain));
    const { artifact } = await derive([parent.verified], {
      operation: "aggregate",
      content: Buffer.from("one row"),
      write: () => undefined,
      evaluator,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      clock: at(90),
    });
    const child = await ingest(artifact, trust, { evaluator, clock: at(100) });
    expect(child.core.status).toEqual([{ uri, index: 3 }]);
    expect((await ask(child, request, 110, { ...fresh, issuedAt: 100 })).verdict).toBe("permit");
    const after = await ask(child, request, 120, { ...fresh, status: "revoked", issuedAt: 110 });
    expect([after.verdict, after.codes, after.receipt.stateAgesMs?.get(`status:${uri}#3`)]).toEqual([
      "deny",
      ["status"],
      10_000,
    ]);
  });

  test("[EVL-4] a list that has lapsed by the policy is unknown, and the receipt says how old it was; a refusal stands at any age", async () => {
    const { verified } = await artifactOf(await policy(plain));
    expect((await ask(verified, request, 30 + 3600, fresh)).verdict).toBe("permit");
    const lapsed = await ask(verified, request, 30 + 3601, fresh);
    expect([lapsed.verdict, lapsed.codes]).toEqual(["unknown", ["status"]]);
    expect(lapsed.receipt.stateAgesMs?.get(`status:${uri}#3`)).toBe(3_601_000);
    expect((await ask(verified, request, 30 + 3601, { ...fresh, status: "suspended" })).verdict).toBe("deny");
  });

  test("[STS-6] without a bound in the policy, a list serves a day", async () => {
    const unbounded = { id: "urn:acme:policy:unbounded", permissions: [{ id: "p", operations: ["read"] }] };
    const { verified } = await artifactOf(await policy(document(unbounded)));
    const list = await signStatusList({ uri, size: 8, entries: new Map(), issuedAt: startSeconds }, registrar);
    const status = (seconds: number): StateSources => ({
      status: statusSource({ trust, fetch: () => Promise.resolve(list), clock: at(seconds) }),
    });
    const verdict = async (seconds: number): Promise<string> => {
      const options = { evaluator, receipts: memorySink(), clock: at(seconds), sources: status(seconds) };
      return (await decide(verified, request, options)).verdict;
    };
    expect([await verdict(86_399), await verdict(86_400)]).toEqual(["permit", "unknown"]);
    expect(await codeOf(() => statusSource({ trust, fetch: () => Promise.resolve(list), maxAgeMs: -1 }))).toContain(
      "RangeError",
    );
  });
});
