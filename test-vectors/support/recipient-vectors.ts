// Recipients of every kind: what they are bound to, how long they keep their secret, what is refused.
import type { RecipientKind } from "../../packages/core/src/custody.ts";
import type { CustodyRule } from "../../packages/core/src/artifact.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { keysBytesOf, policy, usualKey, wrapTo } from "./draft.ts";
import type { DraftOptions, Wrap } from "./draft.ts";
import { bytesOf, coveredAt, sealedAt } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case, Found } from "./vector.ts";
import { wrapAs } from "./wraps.ts";

const rule: CustodyRule = {
  custodies: ["aws-kms"],
  accounts: ["111122223333"],
  regions: ["eu-central-1"],
  contextPairs: new Map([["tenant", "blue"]]),
};
const otherKey = usualKey.replace("1234abcd", "5678abcd");
const thirdKey = usualKey.replace("1234abcd", "9abcabcd");

async function chainWith(wraps: readonly Wrap[], more: DraftOptions = {}): Promise<Chain> {
  return sealed({ wraps, ...more });
}

function accepted(id: string, title: string, spec: readonly string[], chain: Chain, expect: Found): Case {
  return { id: `recipient-${id}`, title, spec, artifact: joined(chain), chain, expect };
}

/** Positive cases of recipients. */
export async function acceptedRecipients(): Promise<Case[]> {
  const rsaNote = [{ kind: "classical-wrap" as const, custodyUri: usualKey, notedAt: sealedAt }];
  const withRsa = await chainWith([await wrapAs("kms-rsa")], { exposures: rsaNote });
  const withoutNote = await chainWith([await wrapAs("kms-rsa")]);
  const left = [wrapTo("a", otherKey)];
  const moved = await anchor(withRsa, {
    kind: "rewrap",
    keysBytes: keysBytesOf({ wraps: left, exposures: rsaNote }),
  });
  const rewrapped: Chain = { ...moved, draft: { ...moved.draft, wraps: left } };
  const required = new Map([["shift", "night"]]);
  const ruled = { core: { custodyRule: { ...rule, requiredPairs: ["shift"] } } };
  const one = async (kind: Exclude<RecipientKind, "kms-symmetric">, options = {}): Promise<Chain> =>
    chainWith([await wrapAs(kind, options)]);
  return [
    accepted(
      "kem-x-wing",
      "X-Wing to a recipient key",
      ["RCP-1", "RCP-2", "RCP-7", "RCP-11", "RCP-14"],
      await one("kem", { kem: "x-wing" }),
      {
        wrapEra: "hybrid",
      },
    ),
    accepted("kem-ml-kem-768", "ML-KEM-768 to a recipient key", ["RCP-2", "RCP-7", "RCP-11"], await one("kem"), {}),
    accepted(
      "kem-ml-kem-1024",
      "ML-KEM-1024 to a recipient key",
      ["RCP-2", "RCP-11"],
      await one("kem", { kem: "ml-kem-1024" }),
      {},
    ),
    accepted("kms-kem-768", "ML-KEM-768 that a KMS decapsulates", ["RCP-1", "RCP-11"], await one("kms-kem"), {}),
    accepted(
      "kms-kem-x-wing",
      "X-Wing that a KMS decapsulates",
      ["RCP-7", "RCP-11"],
      await one("kms-kem", { kem: "x-wing" }),
      { wrapEra: "hybrid" },
    ),
    accepted(
      "kms-kem-1024",
      "ML-KEM-1024 that a KMS decapsulates",
      ["RCP-11"],
      await one("kms-kem", { kem: "ml-kem-1024" }),
      {},
    ),
    accepted(
      "kms-wrap-noaad",
      "AES key wrap without context",
      ["RCP-1", "RCP-2", "RCP-11"],
      await one("kms-wrap-noaad"),
      {},
    ),
    accepted("kms-rsa", "RSA-OAEP, with its exposure noted", ["RCP-2", "RCP-7", "RCP-11", "RCP-12"], withRsa, {
      wrapEra: "classical",
    }),
    accepted(
      "kms-rsa-without-note",
      "RSA is classical while it is there, noted or not",
      ["RCP-7", "RCP-12"],
      withoutNote,
      {
        wrapEra: "classical",
      },
    ),
    accepted("rewrapped-from-rsa", "no RSA any more, and classical for good", ["REW-4", "RCP-7", "RCP-12"], rewrapped, {
      wrapEra: "classical",
      judgedAt: coveredAt,
    }),
    accepted(
      "kinds-mixed",
      "the weakest of three kinds is the wrap era",
      ["RCP-7"],
      await chainWith([
        wrapTo("a"),
        await wrapAs("kem", { kem: "x-wing", custodyUri: otherKey }),
        await wrapAs("kms-kem", { custodyUri: thirdKey }),
      ]),
      { wrapEra: "hybrid" },
    ),
    accepted(
      "required-pair",
      "a required pair is part of what a wrap is bound to, and isn't stored",
      ["RCP-2", "RCP-3"],
      await chainWith([await wrapAs("kem", { required })], ruled),
      {},
    ),
    accepted(
      "batch-internal",
      "a shared secret on internal data",
      ["RCP-4", "RCP-13"],
      await chainWith([wrapTo("a", usualKey, { batchId: "2026-01-10/1" })]),
      {},
    ),
    accepted(
      "batch-bound",
      "a shared secret whose batch is part of what it is bound to",
      ["RCP-2", "RCP-4", "RCP-13"],
      await one("kms-wrap-noaad", {
        batchId: "2026-01-10/1",
      }),
      {},
    ),
    accepted(
      "transport-classical",
      "a secret that came by X25519 is classical",
      ["RCP-7", "RCP-12"],
      await chainWith([wrapTo("a", usualKey, { transportGroup: "X25519" })]),
      { wrapEra: "classical" },
    ),
    accepted(
      "transport-hybrid",
      "a secret that came by X25519MLKEM768",
      ["RCP-7", "RCP-12"],
      await chainWith([wrapTo("a", usualKey, { transportGroup: "X25519MLKEM768" })]),
      {},
    ),
    accepted(
      "transport-none",
      "a secret that crossed no network",
      ["RCP-7", "RCP-12"],
      await chainWith([wrapTo("a", usualKey, { transportGroup: "none" })]),
      {},
    ),
  ];
}

async function formCases(): Promise<Case[]> {
  const kem = (change: object): Promise<Wrap> => wrapAs("kem", { change });
  const form = async (id: string, spec: readonly string[], title: string, wrap: Wrap): Promise<Case> =>
    refused(`recipient-${id}`, "structure", spec, title, joined(await chainWith([wrap])));
  const kinds = ["kem", "kms-kem", "kms-rsa", "kms-wrap-noaad"] as const;
  const unbound = kinds.map(async (kind) =>
    form(
      `${kind}-unbound`,
      ["RCP-2"],
      `a wrap of kind ${kind} that is bound to nothing`,
      await wrapAs(kind, { change: { bound: null } }),
    ),
  );
  const lengths = (
    [
      ["kem", 1119],
      ["kem", 1089],
      ["kem", 256],
      ["kms-kem", 1119],
      ["kms-kem", 768],
      ["kms-rsa", 255],
      ["kms-rsa", 1088],
      ["kms-wrap-noaad", 41],
      ["kms-wrap-noaad", 256],
    ] as const
  ).map(async ([kind, size]) =>
    form(
      `${kind}-blob-${size}`,
      ["RCP-11"],
      `a blob of ${size} bytes, which none of kind ${kind} has`,
      await wrapAs(kind, { change: { blob: bytesOf("blob", size) } }),
    ),
  );
  return Promise.all([
    ...unbound,
    ...lengths,
    form(
      "symmetric-bound",
      ["RCP-2"],
      "a symmetric wrap that claims to be bound: its custody carries the context",
      wrapTo("a", usualKey, { bound: bytesOf("bound", 48) }),
    ),
    form(
      "rsa-as-symmetric",
      ["RCP-2"],
      "an RSA wrap presented as a symmetric one",
      await wrapAs("kms-rsa", { change: { kind: "kms-symmetric" } }),
    ),
    form(
      "rsa-as-noaad",
      ["RCP-11"],
      "an RSA wrap presented as a key wrap",
      await wrapAs("kms-rsa", { change: { kind: "kms-wrap-noaad" } }),
    ),
    form("bound-short", ["RCP-2"], "a context digest of 32 bytes", await kem({ bound: bytesOf("bound", 32) })),
  ]);
}

async function bindingCases(): Promise<Case[]> {
  const other = await policy("other");
  const own = await wrapAs("kem");
  const ours = (await wrapAs("kem", { custodyUri: otherKey })).recipient;
  const invalid = async (id: string, title: string, wraps: readonly Wrap[]): Promise<Case> =>
    refused(`recipient-${id}`, "context-invalid", ["RCP-2"], title, joined(await chainWith(wraps)));
  const seal = await sealed();
  const foreign = keysBytesOf({ wraps: [await wrapAs("kem", { label: "b" })] });
  return [
    await invalid("bound-to-another-artifact", "X-Wing bound to another artifact's context", [
      await wrapAs("kem", { kem: "x-wing", label: "b" }),
    ]),
    await invalid("bound-to-other-policies", "RSA bound to the context of other policies", [
      await wrapAs("kms-rsa", { policies: [other] }),
    ]),
    await invalid("bound-without-a-pair", "bound to a context without the custody rule's pair", [
      await wrapAs("kms-kem", { pairs: new Map() }),
    ]),
    await invalid("bound-to-another-value", "bound to another value of the custody rule's pair", [
      await wrapAs("kms-wrap-noaad", { pairs: new Map([["tenant", "green"]]) }),
    ]),
    await invalid("batch-added", "a batch id that the bound context doesn't have", [
      await wrapAs("kem", { change: { batchId: "b" } }),
    ]),
    await invalid("batch-taken", "the batch id of the bound context taken away", [
      { ...own, recipient: { ...(await wrapAs("kem", { batchId: "b" })).recipient, batchId: undefined! } },
    ]),
    await invalid("bound-of-one-changed", "two wraps, one of them bound to something else", [
      own,
      { ...own, recipient: { ...ours, bound: bytesOf("bound", 48) } },
    ]),
    refused(
      "recipient-rewrap-of-another",
      "context-invalid",
      ["RCP-2", "REW-5"],
      "a rewrap, properly signed, to the wrap of another artifact",
      joined(await anchor(seal, { kind: "rewrap", keysBytes: foreign })),
    ),
  ];
}

async function ruleCases(): Promise<Case[]> {
  const outside = async (id: string, spec: readonly string[], title: string, artifact: Uint8Array): Promise<Case> =>
    refused(`recipient-${id}`, "custody-rule", spec, title, artifact);
  const shared = wrapTo("a", usualKey, { batchId: "b" });
  const under = async (classification: string): Promise<DraftOptions> => ({
    policies: [await policy("research", { document: { classification } })],
  });
  const confidential = await under("confidential");
  const local = await wrapAs("kem", { custodyUri: "local:holder" });
  const secret = await sealed(confidential);
  return [
    await outside(
      "batch-confidential",
      ["RCP-13"],
      "a shared secret on confidential data",
      joined(await chainWith([shared], confidential)),
    ),
    await outside(
      "batch-restricted",
      ["RCP-13"],
      "a shared secret on restricted data",
      joined(await chainWith([shared], await under("restricted"))),
    ),
    await outside(
      "batch-second",
      ["RCP-13"],
      "two wraps of confidential data, one of a shared secret",
      joined(await chainWith([wrapTo("a", otherKey), shared], confidential)),
    ),
    await outside(
      "batch-rewrapped",
      ["RCP-13", "REW-5"],
      "a rewrap of confidential data to a shared secret",
      joined(await anchor(secret, { kind: "rewrap", keysBytes: keysBytesOf({ wraps: [shared] }) })),
    ),
    await outside(
      "kem-outside",
      ["RCP-5"],
      "a recipient key of a custody outside the rule",
      joined(await chainWith([local])),
    ),
    await outside(
      "kem-rewrapped-outside",
      ["RCP-5", "REW-5"],
      "a rewrap to a recipient key of a custody outside the rule",
      joined(await anchor(await sealed(), { kind: "rewrap", keysBytes: keysBytesOf({ wraps: [local] }) })),
    ),
  ];
}

/** Negative cases of recipients. */
export async function refusedRecipients(): Promise<Case[]> {
  return (await Promise.all([formCases(), bindingCases(), ruleCases()])).flat();
}
