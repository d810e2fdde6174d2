// Single faults of fresh artifacts. Which code each gives, ingest says; a fault that it accepts is an error of this file.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { flipped } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { usualKey, wrapTo } from "./draft.ts";
import type { Wrap } from "./draft.ts";
import { secondKey } from "./fresh-cases.ts";
import type { Edits, Kind } from "./fresh-cases.ts";
import type { Cast, Choice } from "./fresh-scene.ts";
import { bytesOf } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import type { SignerJson, TrustJson } from "./trust.ts";

/** A fault: of which kinds of artifact, which statement it breaks, and what it changes. */
export interface Fault {
  readonly name: string;
  readonly spec: readonly string[];
  readonly title: string;
  readonly kinds: readonly Kind[];
  readonly edits: (scene: FaultScene) => Edits;
}

/** What a fault knows of the artifact that it spoils. */
export interface FaultScene {
  readonly label: string;
  readonly cast: Cast;
  readonly choice: Choice;
  readonly kind: Kind;
}

const later: readonly Kind[] = ["cover", "batch", "rehash", "rewrap"];
const direct: readonly Kind[] = ["derive", "amend"];
const sealing: readonly Kind[] = ["seal", "adopt"];
const all: readonly Kind[] = [...sealing, ...later, ...direct];
/** Kinds whose keys part is as it was at the seal and whose wraps no case sets apart. */
const keyed: readonly Kind[] = ["seal", "cover", "batch", "rehash", "derive", "amend"];

function fault(
  name: string,
  spec: readonly string[],
  title: string,
  kinds: readonly Kind[],
  edits: Fault["edits"],
): Fault {
  return { name, spec, title, kinds, edits };
}

const statement =
  (change: (map: Header, scene: FaultScene) => void): Fault["edits"] =>
  (scene) => ({ last: { statement: (map) => change(map, scene) } });

/** A change of the last signature, whether it stands in the anchor or in its root message. */
const signed =
  (cose: CoseEdits): Fault["edits"] =>
  () => ({ last: { cose, rootCose: cose } });

const sameLength = (map: Header, key: number, label: string): void =>
  void map.set(key, bytesOf(label, (map.get(key) as Uint8Array).length));

const inTrust =
  (role: string, more: Readonly<Record<string, unknown>>) =>
  (trust: TrustJson): TrustJson => ({
    ...trust,
    signers: trust.signers.map((one): SignerJson => (one.role === role ? { ...one, ...more } : one)),
  });

const key =
  (uri: string, change: Partial<Wrap["recipient"]> = {}): Fault["edits"] =>
  ({ label }) => ({ draft: { wraps: [wrapTo(label, uri, change)] } });

const anchorFaults: readonly Fault[] = [
  fault(
    "sequence",
    ["ANC-6"],
    "a sequence one too high",
    all,
    statement((s) => void s.set(4, Number(s.get(4)) + 1)),
  ),
  fault(
    "artifact-id",
    ["ANC-6"],
    "the id of another artifact",
    all,
    statement((s) => sameLength(s, 3, "other id")),
  ),
  fault(
    "core-digest",
    ["ANC-6"],
    "the digest of another core",
    all,
    statement((s) => sameLength(s, 6, "other core")),
  ),
  fault(
    "keys-digest",
    ["ANC-7"],
    "the digest of other keys",
    all,
    statement((s) => sameLength(s, 7, "other keys")),
  ),
  fault(
    "chain-digest",
    ["ANC-4"],
    "other earlier anchors",
    all,
    statement((s) => sameLength(s, 9, "other anchors")),
  ),
  fault(
    "content-root",
    ["ANC-7"],
    "another content root under the same hash",
    ["seal", "adopt", "cover", "batch", "rewrap", "derive", "amend"],
    statement((s) => {
      const [alg, root] = s.get(8) as readonly [number, Uint8Array];
      s.set(8, [alg, bytesOf("other root", root.length)]);
    }),
  ),
  fault(
    "suite-no-one-knows",
    ["SUI-2"],
    "a suite that isn't known",
    all,
    statement((s) => void s.set(11, "slhdsa")),
  ),
  fault(
    "statement-member",
    ["ART-3"],
    "an unknown member of the statement",
    all,
    statement((s) => void s.set(14, 1)),
  ),
  fault("seal-by-kind", ["ANC-6"], "a cover in place of the seal", [...sealing, ...direct], () => ({
    last: { kind: "cover" },
  })),
  fault("seal-twice", ["ANC-6"], "a second seal", ["cover", "batch"], () => ({ last: { kind: "seal" } })),
  fault("flipped", ["SUI-3"], "a bit of the signature changed", all, signed({ signature: (one) => flipped(one) })),
  fault("short", ["SUI-4"], "a signature a byte short", all, signed({ signature: (one) => one.subarray(1) })),
  fault("other-use", ["COS-2"], "a signature for another use", all, signed({ use: "policy" })),
  fault("unprotected", ["COS-1"], "an unprotected header", all, signed({ bodyUnprotected: new Map([[4, "x"]]) })),
  fault("header", ["COS-5"], "one more header", all, signed({ signerHeader: (one) => void one.set(33, "x") })),
  fault("signed-twice", ["COS-5"], "one key twice", all, signed({ signers: ([one]) => [one!, one!] })),
  fault("stranger", ["TRU-5"], "a signer that the trust policy doesn't have", later, ({ cast }) => ({
    last: { signer: cast.stranger },
  })),
  fault("by-policy-authority", ["ANC-6"], "an anchor by a policy authority", later, ({ cast }) => ({
    last: { signer: cast.office },
  })),
  fault("by-deriver", ["ANC-6"], "an anchor by a signer of role derive", later, ({ cast }) => ({
    last: { signer: cast.lab },
  })),
  fault("ahead", ["ANC-9"], "301 s ahead of the verifier's clock", all, () => ({ nowAfter: -301 })),
  fault("not-later", ["ANC-9"], "an anchor older than the core", later, () => ({ last: { time: 1_500_000_000 } })),
  fault("sealed-before-core", ["ANC-9"], "a core issued after its seal", sealing, () => ({
    draft: { core: { issuedAt: 1_900_000_000 } },
  })),
];

const batchFaults: readonly Fault[] = [
  fault("index", ["BAT-5"], "the next leaf's index", ["batch"], () => ({
    last: { size: 6, index: 1, proof: (proof) => void proof.set(3, 2) },
  })),
  fault("path-longer", ["BAT-5"], "a path one digest too long", ["batch"], () => ({
    last: {
      size: 4,
      index: 0,
      proof: (proof) => {
        const path = proof.get(4) as Uint8Array[];
        proof.set(4, [...path, path[0]!]);
      },
    },
  })),
  fault("salt", ["BAT-2"], "another salt", ["batch"], () => ({
    last: { proof: (proof) => sameLength(proof, 1, "salt") },
  })),
  fault("size", ["BAT-5"], "a tree of another size than the root's", ["batch"], () => ({
    last: { root: (root) => void root.set(2, 77) },
  })),
  fault("leaf-of-receipts", ["BAT-2"], "a leaf of receipts", ["batch"], () => ({
    last: { label: "writ/1 receipt leaf" },
  })),
  fault("root-of-receipts", ["COS-2"], "a root over receipts", ["batch"], () => ({
    last: { rootUse: "receipt root" },
  })),
  fault("root-suite", ["BAT-4"], "a root that names another suite", ["batch"], ({ cast }) => ({
    last: { signer: cast.notary, root: (root) => void root.set(5, cast.notary.suite === "p256" ? "ed25519" : "p256") },
  })),
  fault("root-detached", ["BAT-3"], "a root message without its root", ["batch"], () => ({
    last: { rootAttached: false },
  })),
];

const coreFaults: readonly Fault[] = [
  fault("core-member", ["ART-3"], "an unknown member of the core", all, () => ({
    draft: { editCore: (core) => void core.set(14, 1) },
  })),
  fault("critical", ["ART-8"], "a critical extension", all, () => ({
    draft: { editCore: (core) => void core.set(12, ["x"]).set(13, new Map([["x", 1]])) },
  })),
  fault("id-short", ["ART-3"], "an artifact id a byte short", sealing, ({ label }) => ({
    draft: { editCore: (core) => void core.set(1, bytesOf(label, 15)) },
  })),
  fault("revision", ["ART-7"], "a revision that supersedes nothing", sealing, () => ({
    draft: { editCore: (core) => void core.set(2, 3) },
  })),
  fault("status-twice", ["ART-4"], "a status entry twice", all, () => ({
    draft: {
      editCore: (core) => {
        const entry = new Map<number, string | number>([
          [1, "https://status.example/twice"],
          [2, 1],
        ]);
        core.set(10, [entry, entry]);
      },
    },
  })),
  fault("first-issuer", ["ART-7"], "another first issuer at revision 0", sealing, () => ({
    draft: { editCore: (core) => void core.set(5, "urn:example:fresh:somebody") },
  })),
  fault("pair-in-capitals", ["RCP-3"], "a pair whose name has a capital", ["seal", "cover"], () => ({
    draft: { core: { custodyRule: { contextPairs: new Map([["Tenant", "blue"]]) } } },
  })),
  fault(
    "other-region",
    ["RCP-5"],
    "a key of another Region",
    keyed,
    key(usualKey.replace("eu-central-1", "us-east-1")),
  ),
  fault(
    "other-account",
    ["RCP-5"],
    "a key of another account",
    keyed,
    key(usualKey.replace("111122223333", "999900001111")),
  ),
  fault("other-custody", ["RCP-5"], "a local key", keyed, key("local:office")),
  fault(
    "bound",
    ["RCP-2"],
    "a bound that the custody authenticates",
    keyed,
    key(secondKey, { bound: bytesOf("bound", 48) }),
  ),
  fault("no-recipients", ["ART-11"], "floe content without recipients", keyed, () => ({ draft: { wraps: [] } })),
];

/** Layers with parameters that no source's have. */
function withParameters(core: Header): void {
  const layers = core.get(7) as Map<number, Loose>[];
  const changed = layers.map((layer) => new Map([...layer, [2, new Map([["consent", "c-1"]])] as const]));
  core.set(
    7,
    changed.toSorted((a, b) => Buffer.compare(encodeRaw(a), encodeRaw(b))),
  );
}

const lineageFaults: readonly Fault[] = [
  fault("layer-dropped", ["LIN-3"], "every layer under other parameters than in the sources", direct, () => ({
    draft: { editCore: withParameters },
  })),
  fault("source-anchors", ["LIN-2"], "a source with other anchors than are attached", ["derive"], () => ({
    draft: { sources: ([first, ...rest]) => [{ ...first!, anchors: `sha384:${"ab".repeat(48)}` }, ...rest] },
  })),
  fault("source-id", ["LIN-2"], "a source under another id", ["derive"], () => ({
    draft: { sources: ([first, ...rest]) => [{ ...first!, id: bytesOf("another id", 16) }, ...rest] },
  })),
  fault("wider-rule", ["RCP-10"], "a rule without its sources' Regions", ["derive"], () => ({
    draft: { core: { custodyRule: { custodies: ["aws-kms"], contextPairs: new Map([["tenant", "blue"]]) } } },
  })),
  fault("older-than-source", ["LIN-6"], "a seal before its source's", ["derive"], () => ({
    draft: { core: { issuedAt: 1_700_000_000 } },
    last: { time: 1_700_000_000 },
  })),
  fault("revision-skipped", ["LIN-8"], "a revision number left out", ["amend"], () => ({
    draft: { core: { revision: 2 } },
  })),
  fault("other-size", ["LIN-8"], "a revision of another content", ["amend"], () => ({
    draft: { plaintext: "another content" },
  })),
];

const surroundings: readonly Fault[] = [
  fault(
    "policy-by-deriver",
    ["POM-2"],
    "a policy signed by a signer of role derive",
    ["seal", "cover"],
    ({ cast }) => ({
      policy: { signer: cast.lab },
    }),
  ),
  fault("policy-of-another", ["POM-2"], "a policy of another authority", ["seal", "cover"], () => ({
    policy: { document: { authority: "urn:example:fresh:lab" } },
  })),
  fault("policy-flipped", ["SUI-3"], "a policy with a broken signature", ["seal", "cover"], () => ({
    policy: { cose: { signature: (one) => flipped(one) } },
  })),
  fault("stray", ["ATT-2"], "an attachment that nothing names", all, ({ label }) => ({
    join: { attachments: (given) => [...given, encodeAttachment("policy", bytesOf(`${label} stray`, 40))] },
  })),
  fault("nothing-attached", ["ING-4"], "no attachments and no store", ["seal", "cover", "adopt"], () => ({
    join: { attachments: () => [] },
  })),
  fault("anchor-removed", ["ANC-4"], "the seal taken out from before a later anchor", later, () => ({
    join: { anchors: (given) => given.slice(1) },
  })),
  fault("trailing", ["CBR-6"], "a byte behind the end", all, () => ({
    bytes: (one) => Buffer.concat([one, Buffer.of(0)]),
  })),
  fault("truncated", ["CBR-3"], "cut short", all, ({ choice }) => ({
    bytes: (one) => one.subarray(0, 6 + choice.below(one.length - 6)),
  })),
  fault("version", ["ART-2"], "version 2", all, () => ({
    join: { members: ([word, , ...rest]) => [word!, 2, ...rest] },
  })),
  fault(
    "content-flipped",
    ["ING-8"],
    "a bit of the content changed",
    ["seal", "cover", "rehash", "derive", "amend"],
    () => ({
      content: (one) => flipped(one, one.length - 1),
    }),
  ),
  fault("content-longer", ["ING-8"], "a byte more of content", all, () => ({
    content: (one) => Buffer.concat([one, Buffer.of(0)]),
  })),
  fault("trust-expired", ["TRU-4"], "a trust policy that has expired", all, () => ({
    trust: (trust) => ({ ...trust, expires: "2026-01-01T00:00:00Z" }),
  })),
  fault("issuer-dates", ["TRU-6"], "an issuer who counts only later", [...sealing, ...later], () => ({
    trust: inTrust("issue", { notBefore: "2027-01-01T00:00:00Z" }),
  })),
  fault("issuer-marked", ["TRU-8"], "an issuer whose key is marked from the beginning", [...sealing, ...later], () => ({
    trust: inTrust("issue", { invalidSince: "2020-01-01T00:00:00Z" }),
  })),
  fault("office-scope", ["POM-3"], "a policy authority for other policies", all, () => ({
    trust: inTrust("policy", { scope: ["urn:example:elsewhere:"] }),
  })),
  fault("issuer-scope", ["TRU-11"], "an issuer who may not seal under this policy", ["seal", "adopt", "cover"], () => ({
    trust: inTrust("issue", { scope: ["urn:example:elsewhere:"] }),
  })),
  fault("required", ["TRU-10"], "a hybrid anchor is required", all, () => ({
    trust: (trust) => ({
      ...trust,
      required: [{ from: "2026-01-01T00:00:00Z", suites: ["ed25519+mldsa65"], stage: "enforce" }],
    }),
  })),
  fault("suite-not-accepted", ["SUI-5"], "the issuer's suite isn't named", [...sealing, ...later], ({ cast }) => ({
    trust: (trust) => ({
      ...trust,
      suites: {
        mldsa65: {},
        ...Object.fromEntries(Object.entries(trust.suites).filter(([name]) => name !== cast.issuer.suite)),
      },
    }),
  })),
];

/** Every fault. */
export const faults: readonly Fault[] = [
  ...anchorFaults,
  ...batchFaults,
  ...coreFaults,
  ...lineageFaults,
  ...surroundings,
];
