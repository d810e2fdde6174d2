// Attacks on what only approvals allow: layers taken out of an artifact by whoever can sign, approvals used for more than they say.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, describeSigner, ingest, nameOf, parsePolicy } from "@writ/core";
import type { Core, Digest, Layer, Signer, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import { signApproval } from "@writ/core/approval";
import type { ApprovalLedger } from "@writ/core/approval";
import { sourceOf } from "../../packages/core/src/carried.ts";
import { encodeAttachment, encodeSource } from "../../packages/core/src/attachments.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  newSigner,
  policy,
  request,
  sealed,
  signers,
  start,
  trustWith,
} from "../support/scene.ts";
import { accepted, refusal, resealed } from "./forge.ts";

const officer = newSigner("urn:role:dpo", "ed25519");
const owner = newSigner("urn:role:owner", "ed25519");
const trust = trustWith((draft) => {
  draft.signers.push(describeSigner(officer, "approve"), describeSigner(owner, "approve"));
});

const grant = { permissions: [{ id: "p", operations: ["read"], purposes: ["dpv:AcademicResearch"] }] };
const guarded = (name: string, threshold: number): Promise<Uint8Array> =>
  policy(
    document({
      ...grant,
      id: `urn:acme:policy:${name}`,
      limits: { regions: [["US"]], notOperations: ["train"] },
      declassify: {
        threshold,
        approvers: ["urn:role:dpo", "urn:role:owner"],
        atMost: { notOperations: ["train"], regions: [["US", "EU"]] },
      },
    }),
  );
const one = await guarded("one", 1);
const two = await guarded("two", 2);
const free = await policy(document({ ...grant, id: "urn:acme:policy:free", limits: { notOperations: ["train"] } }));
const kept = await policy(
  document({ ...grant, id: "urn:acme:policy:kept", limits: { notOperations: ["train"], regions: [["US", "EU"]] } }),
);
const digestOf = (message: Uint8Array): Digest => parsePolicy(message).digest;
const layersOf = (...messages: readonly Uint8Array[]): Layer[] =>
  messages.map((message) => ({ policy: digestOf(message) }));

const source = await sealed(Buffer.from("rows"), { policies: [{ message: one }, { message: two }] });
const first = await ingest(source.artifact, trust, { evaluator, clock: at(60) });

interface Wanted {
  readonly layers: readonly Layer[];
  readonly sources?: readonly Digest[];
  readonly operation?: string;
}

const people: readonly (readonly [Signer, string])[] = [
  [officer, "urn:person:ada"],
  [owner, "urn:person:bob"],
];
const approvals = (wanted: Wanted, by = people): Promise<Uint8Array[]> =>
  Promise.all(
    by.map(([signer, approver]) =>
      signApproval(
        { sources: [first.name], operation: "amend", approver, lifetimeSeconds: 86_400, clock: at(90), ...wanted },
        signer,
      ),
    ),
  );

/** A revision as somebody makes it who asks no one: core, sources and approvals as he likes them, sealed by his own key. */
function forged(
  layers: readonly Layer[],
  messages: readonly Uint8Array[],
  signer: Signer = signers.issuer,
  of: VerifiedArtifact = first,
  change: (core: Core) => Core = (core) => core,
): Promise<Uint8Array> {
  const attachments = [free, kept, one, two]
    .filter((message) => layers.some(({ policy: name }) => name === digestOf(message)))
    .map((message) => encodeAttachment("policy", message));
  return resealed(source.artifact, signer, {
    core: (core) =>
      change({
        ...core,
        issuer: signer.authority,
        revision: 1,
        issuedAt: start / 1000 + 120,
        layers,
        supersedes: sourceOf(of, "superseded"),
        lineage: {
          operation: "amend",
          parents: [],
          receipts: [],
          actor: signer.authority,
          ...(messages.length === 0 ? {} : { approvals: messages.map(nameOf) }),
        },
      }),
    attach: [
      encodeAttachment("source", encodeSource(of.parts.core, of.parts.anchors)),
      ...attachments,
      ...messages.map((message) => encodeAttachment("approval", message)),
    ],
  });
}

const seconds = { seconds: 200 };
const judged = async (artifact: Promise<Uint8Array>, unevaluated = false): Promise<string> =>
  unevaluated
    ? codeOf(async () => ingest(await artifact, trust, { clock: at(200) }))
    : refusal(await artifact, trust, seconds);

describe("a layer taken out past the writers' own checks", () => {
  test("[LIN-3] [APR-7] by issuer, first issuer or deriver: not without the approvals of each policy that goes", async () => {
    const layers = layersOf(kept);
    const enough = await approvals({ layers });
    for (const signer of [signers.issuer, signers.hybrid, signers.deriver]) {
      expect(await judged(forged(layers, enough, signer)), "control: two of two").toBe(accepted);
      expect(await judged(forged(layers, [], signer))).toBe("layer-dropped");
      expect(await judged(forged(layers, enough.slice(0, 1), signer)), "enough for one policy, not for both").toBe(
        "approval-missing",
      );
    }
    const partly = layersOf(kept, two);
    const single = await approvals({ layers: partly }, people.slice(0, 1));
    expect(await judged(forged(partly, single)), "control: only the policy that asks for one goes").toBe(accepted);
  });

  test("[APR-3] one person with two keys, one key for two persons, one message named once more", async () => {
    const layers = layersOf(kept);
    const of = async (by: typeof people): Promise<string> => judged(forged(layers, await approvals({ layers }, by)));
    expect(await of(people), "control").toBe(accepted);
    expect(
      await of([
        [officer, "urn:person:ada"],
        [owner, "urn:person:ada"],
      ]),
    ).toBe("approval-missing");
    expect(
      await of([
        [officer, "urn:person:ada"],
        [officer, "urn:person:bob"],
      ]),
    ).toBe("approval-missing");
    const [message] = await approvals({ layers });
    expect(await judged(forged(layers, [message!, message!]))).toBe("approval-missing");
  });

  test("[APR-4] approvals of one revision, put into another: other layers, another artifact, a later revision", async () => {
    const layers = layersOf(kept);
    const enough = await approvals({ layers });
    expect(await judged(forged(layersOf(free), enough)), "other layers").toBe("approval-mismatch");
    expect(await judged(forged(layersOf(kept, free), enough)), "one layer more").toBe("approval-mismatch");
    const twin = await sealed(Buffer.from("rows"), { policies: [{ message: one }, { message: two }] });
    const other = await ingest(twin.artifact, trust, { evaluator, clock: at(60) });
    const ofOther = await approvals({ layers, sources: [other.name] });
    expect(await judged(forged(layers, ofOther)), "another artifact").toBe("approval-mismatch");
    const next = await amend(first, {
      custody: keystore,
      evaluator,
      signer: signers.issuer,
      mediaType: "text/csv",
      clock: at(100),
    });
    const second = await ingest(next.artifact, trust, { evaluator, clock: at(110) });
    const later = forged(layers, enough, signers.issuer, second, (core) => ({
      ...core,
      revision: 2,
      content: second.core.content,
    }));
    expect(await judged(later), "a later revision of the same artifact").toBe("approval-mismatch");
  });

  test("[INH-8] [DEC-2] below what the authority allows at most, approved or not; who has no evaluator looks again before a decision", async () => {
    const layers = layersOf(free);
    const enough = await approvals({ layers });
    expect(await judged(forged(layers, enough))).toBe("lowering-refused");
    expect(await judged(forged(layers, enough), true)).toBe(accepted);
    const unchecked = await ingest(await forged(layers, enough), trust, { clock: at(200) });
    expect(await codeOf(() => decide(unchecked, request, { evaluator, receipts: "none", clock: at(200) }))).toBe(
      "lowering-refused",
    );
  });

  test("[APR-5] the same approvals twice: the ledger of those who write refuses, no verifier can", async () => {
    const layers = amendedLayers(first, [{ message: kept }], [digestOf(one), digestOf(two)]).layers;
    const messages = await approvals({ layers });
    const used = new Set<Digest>();
    const ledger: ApprovalLedger = {
      spend: (names) => {
        const fresh = names.every((name) => !used.has(name));
        if (fresh) for (const name of names) used.add(name);
        return Promise.resolve(fresh);
      },
    };
    const make = (): Promise<unknown> =>
      amend(first, {
        add: [{ message: kept }],
        lower: { remove: [digestOf(one), digestOf(two)], approvals: messages, ledger },
        custody: keystore,
        evaluator,
        signer: signers.issuer,
        clock: at(120),
      });
    expect(await codeOf(make)).toBe(accepted);
    expect(await codeOf(make)).toBe("approval-missing");
  });
});

test("[APR-7] [LIN-3] whichever layers stay and whoever approves: a layer is gone only where its own policy's number approved", async () => {
  const policies = [one, two, kept] as const;
  const subset = fc.subarray([0, 1, 2], { minLength: 1 });
  const who = fc.subarray([0, 1]);
  await fc.assert(
    fc.asyncProperty(subset, who, fc.constantFrom(signers.issuer, signers.deriver), async (left, by, signer) => {
      const layers = layersOf(...left.map((index) => policies[index]!));
      const messages = await approvals(
        { layers },
        by.map((index) => people[index]!),
      );
      const needed = Math.max(0, ...[0, 1].filter((index) => !left.includes(index)).map((index) => index + 1));
      const code = await judged(forged(layers, messages, signer));
      expect(code === accepted).toBe(by.length >= needed); // each of the three is within what the others allow at most
    }),
    { numRuns: 25 },
  );
});
