// Evidence packs: what one holds, and what is wrong with others.
import { nameOf } from "../../packages/core/src/artifact.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { flipped } from "./cose.ts";
import { policy } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import {
  bureau,
  bytesOf,
  defaultNow,
  issuer,
  register,
  registerP256,
  sealedAt,
  seconds,
  stranger,
} from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import { report } from "./report-vectors.ts";
import { refusedEvidenceLimits } from "./evidence-limits.ts";
import type { VectorFile } from "./vector.ts";
import { usedAt, name, trustDigest, receipt, releasing, rootOver, packed, sorted, pack } from "./evidence-draft.ts";
import type { Written, Edit, Item } from "./evidence-draft.ts";

interface EvidenceCase {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly pack: Uint8Array;
  readonly trust?: string;
  readonly now?: string;
  readonly expect: unknown;
}

/** One artifact, a decision and its release under a root, a further decision under none. */
async function scene(options: DraftOptions = {}): Promise<{
  readonly chain: Chain;
  readonly written: readonly [Written, Written, Written];
  readonly root: Uint8Array;
  readonly items: readonly Item[];
}> {
  const chain = await sealed(options);
  const decision = receipt(chain, 0);
  const release = receipt(chain, 1, releasing(decision));
  const later = receipt(chain, 2);
  const root = await rootOver([decision, release]);
  const under = (index: number): { receipts: readonly Written[]; index: number; root: Uint8Array } => ({
    receipts: [decision, release],
    index,
    root,
  });
  const items: readonly Item[] = [
    [1, joined(chain)],
    [2, packed(decision, under(0))],
    [2, packed(release, under(1))],
    [2, packed(later, null)],
    [3, root],
  ];
  return { chain, written: [decision, release, later], root, items };
}

function found(
  chains: readonly Chain[],
  receipts: readonly (readonly [Written, boolean])[],
  gaps: readonly string[],
  statusLists = 0,
): unknown {
  return {
    madeAt: "2026-02-28T00:00:00Z",
    packedBy: register.authority,
    trust: { name: "base", sequence: 7, digest: trustDigest },
    artifacts: chains.map(({ draft }) => nameOf(draft.coreBytes)),
    receipts: receipts
      .map(([{ bytes }, rooted]) => ({ name: nameOf(bytes), rootedBy: rooted ? register.authority : null }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    statusLists,
    gaps: gaps.toSorted(),
  };
}

async function acceptedCases(): Promise<EvidenceCase[]> {
  const { chain, written, items } = await scene();
  const [decision, release, later] = written;
  const p256 = await scene({ policies: [await policy("p256", { signer: bureau })] });
  const gap = (kind: string, { bytes }: Written): string => `${kind} ${nameOf(bytes)}`;
  const stray = receipt(chain, 3, (map) => map.set(3, bytesOf("nobody", 16)));
  const otherCore = receipt(chain, 4, (map) => map.set(4, name(trustDigest)));
  const otherPolicies = receipt(chain, 5, (map) => map.set(5, []));
  const alone = receipt(chain, 6, releasing(receipt(chain, 7)));
  const unplaced = [stray, otherCore, otherPolicies, alone];
  const citing = await sealed({
    label: "citing",
    core: { lineage: { operation: "seal", parents: [], receipts: [trustDigest], actor: issuer.authority } },
  });
  const denied = receipt(chain, 8, (map) => map.set(10, "deny"));
  const ofDenied = receipt(chain, 9, releasing(denied));
  const elsewhere = receipt(citing, 10);
  const ofOther = receipt(chain, 11, releasing(elsewhere));
  const permitted = receipt(chain, 12);
  const [once, twice] = [receipt(chain, 13, releasing(permitted)), receipt(chain, 14, releasing(permitted))];
  const crossed = receipt(chain, 15, (map) => map.set(4, name(nameOf(citing.draft.coreBytes))));
  const dubious = [denied, ofDenied, elsewhere, ofOther, permitted, once, twice, crossed];
  return [
    {
      id: "artifact-and-receipts",
      title: "an artifact, a use under a root, and a permit that no root and no release follow",
      spec: ["EVP-1", "EVP-2", "EVP-3", "EVP-4"],
      pack: await pack(items),
      expect: found(
        [chain],
        [
          [decision, true],
          [release, true],
          [later, false],
        ],
        [gap("no-root", later), gap("no-release", later)],
      ),
    },
    {
      id: "artifact-alone",
      title: "an artifact without receipts, and a status list",
      spec: ["EVP-1", "EVP-4"],
      pack: await pack([items[0]!, [5, Buffer.from("a.b.c")]]),
      expect: found([chain], [], [], 1),
    },
    {
      id: "with-report",
      title: "an artifact and the report of a campaign",
      spec: ["EVP-4", "RAN-17"],
      pack: await pack([items[0]!, [4, await report()]]),
      expect: found([chain], [], []),
    },
    {
      id: "gaps",
      title:
        "receipts of another artifact, another state, other policies and without their decision; a receipt that a lineage cites",
      spec: ["EVP-5", "REC-10"],
      pack: await pack([items[0]!, [1, joined(citing)], ...unplaced.map((one): Item => [2, packed(one, null)])]),
      expect: found(
        [chain, citing].toSorted((a, b) => joined(a).length - joined(b).length),
        unplaced.map((one) => [one, false]),
        [
          ...unplaced.map((one) => gap("no-root", one)),
          ...[stray, otherCore, otherPolicies].map((one) => gap("no-release", one)),
          gap("no-artifact", stray),
          gap("other-core", otherCore),
          gap("other-policies", otherPolicies),
          gap("no-decision", alone),
          `no-receipt ${trustDigest}`,
        ],
      ),
    },
    {
      id: "gaps-of-releases",
      title:
        "releases of what was denied, of another core, and twice of one permit; a receipt of one artifact that names another's core",
      spec: ["EVP-5", "REC-10"],
      pack: await pack([
        [1, joined(chain)],
        [1, joined(citing)],
        ...dubious.map((one): Item => [2, packed(one, null)]),
      ]),
      expect: found(
        [chain, citing].toSorted((a, b) => joined(a).length - joined(b).length),
        dubious.map((one) => [one, false]),
        [
          ...dubious.map((one) => gap("no-root", one)),
          ...[ofDenied, ofOther, once, twice].map((one) => gap("no-decision", one)),
          gap("no-release", crossed),
          gap("other-core", crossed),
          `no-receipt ${trustDigest}`,
        ],
      ),
    },
    {
      id: "root-lapsed",
      title: "a root whose suite counts no more speaks for nobody; the pack is signed under another suite",
      spec: ["EVP-3", "REC-8"],
      trust: "receipts-p256-ed25519-verified-until-2026-02-15.json",
      pack: await pack(p256.items, { signer: registerP256 }),
      expect: found(
        [p256.chain],
        p256.written.map((one) => [one, false]),
        [...p256.written.map((one) => gap("no-root", one)), gap("no-release", p256.written[2])],
      ),
    },
  ];
}

async function refusedCases(): Promise<EvidenceCase[]> {
  const { chain, written, root, items } = await scene();
  const [decision, release] = written;
  const under = { receipts: [decision, release], index: 0, root };
  const [artifact, , second, third, rootItem] = items as readonly [Item, Item, Item, Item, Item];
  const of = (
    id: string,
    code: ErrorCode,
    spec: readonly string[],
    title: string,
    bytes: Uint8Array,
    more: Partial<EvidenceCase> = {},
  ): EvidenceCase => ({ id, title, spec, pack: bytes, expect: { code }, ...more });
  const placed = async (id: string, code: ErrorCode, title: string, edit: Edit): Promise<EvidenceCase> =>
    of(id, code, ["EVP-3"], title, await pack([artifact, [2, packed(decision, under, edit)], second, third, rootItem]));
  const whole = await pack(items);
  const young = receipt(chain, 0, (map) => map.set(23, usedAt + 3600 + 301));
  const youngRoot = await rootOver([young]);
  const ahead = await rootOver([decision, release], seconds(defaultNow) + 301);
  return [
    of(
      "other-word",
      "format-unknown",
      ["EVP-1"],
      "another word",
      await pack(items, { members: ([, ...rest]) => ["writ-report", ...rest] }),
    ),
    of(
      "version-2",
      "version-unknown",
      ["EVP-1"],
      "version 2",
      await pack(items, { members: ([word, , ...rest]) => [word!, 2, ...rest] }),
    ),
    of(
      "three-members",
      "structure",
      ["EVP-1"],
      "a pack without items",
      await pack(items, { members: (all) => all.slice(0, 3) }),
    ),
    of("no-artifact", "structure", ["EVP-1"], "receipts alone", await pack(items.slice(1))),
    of(
      "item-kind-6",
      "structure",
      ["EVP-1"],
      "an item of a kind that there isn't",
      await pack([...items, [6, Buffer.from("x")]]),
    ),
    of("truncated", "cbor-truncated", ["EVP-1"], "a pack that was cut off", whole.subarray(0, -1)),
    of("trailing", "cbor-trailing", ["EVP-1"], "a byte after the end", Buffer.concat([whole, Buffer.of(0)])),
    of(
      "items-unsorted",
      "set-order",
      ["EVP-1"],
      "items in another order",
      await pack(items, { items: (all) => all.toReversed() }),
    ),
    of(
      "item-twice",
      "set-order",
      ["EVP-1"],
      "an item twice",
      await pack(items, { items: (all) => [...all, all.at(-1)!] }),
    ),
    of(
      "item-removed",
      "evidence-pack",
      ["EVP-2"],
      "a receipt taken out since",
      await pack(items, { items: (all) => all.slice(1) }),
    ),
    of(
      "item-added",
      "evidence-pack",
      ["EVP-2"],
      "a status list put in since",
      await pack(items, { items: (all) => sorted([...all, encodeRaw([5, Buffer.from("x")])]) }),
    ),
    of(
      "item-altered",
      "evidence-pack",
      ["EVP-2"],
      "a bit of an item changed since",
      await pack(items, { items: (all) => sorted(all.map((item, at) => (at === 1 ? flipped(item) : item))) }),
    ),
    of(
      "by-issuer",
      "signer-role",
      ["EVP-2"],
      "packed by a signer of role issue",
      await pack(items, { signer: issuer }),
    ),
    of(
      "by-stranger",
      "signer-unknown",
      ["EVP-2"],
      "packed by a key that the trust policy doesn't have",
      await pack(items, { signer: stranger }),
    ),
    of(
      "signature-flipped",
      "signature-invalid",
      ["EVP-2"],
      "a bit of the signature changed",
      await pack(items, { cose: { signature: (signature) => flipped(signature) } }),
    ),
    of(
      "use-of-report",
      "cose-structure",
      ["EVP-2", "COS-2"],
      "a signature of use report",
      await pack(items, { use: "report" }),
    ),
    of(
      "in-the-future",
      "evidence-pack",
      ["EVP-2"],
      "packed 301 s ahead of now",
      await pack(items, { madeAt: seconds(defaultNow) + 301 }),
    ),
    of(
      "before-its-root",
      "evidence-pack",
      ["EVP-2"],
      "packed 301 s before a root in it was signed",
      await pack(items, { madeAt: usedAt + 3600 - 301 }),
    ),
    of(
      "before-its-anchor",
      "evidence-pack",
      ["EVP-2"],
      "packed 301 s before the last anchor of an artifact in it",
      await pack([[1, joined(chain)]], { madeAt: sealedAt - 301 }),
    ),
    of("after-signer-dates", "signer-dates", ["EVP-2"], "packed after its signer's notAfter", whole, {
      trust: "register-until-2026-02-01.json",
    }),
    of("by-marked-key", "signer-compromised", ["EVP-2"], "packed by a key that is marked", whole, {
      trust: "register-marked.json",
    }),
    of(
      "lapsed",
      "suite-lapsed",
      ["EVP-2"],
      "packed under a suite that counts no more",
      await pack(items, { madeAt: seconds("2026-02-14T00:00:00Z") }),
      { trust: "ed25519-verified-until-2026-02-15.json" },
    ),
    of("trust-expired", "trust-expired", ["EVP-2"], "a trust policy that has expired", whole, {
      now: "2026-12-31T00:00:00Z",
    }),
    of(
      "root-missing",
      "attachment-missing",
      ["EVP-3"],
      "receipts whose root isn't there",
      await pack(items.slice(0, 4)),
    ),
    of(
      "root-unnamed",
      "attachment-unnamed",
      ["EVP-3"],
      "a root that no receipt names",
      await pack([artifact, third, rootItem]),
    ),
    of(
      "root-in-the-future",
      "receipt-root",
      ["EVP-3", "REC-5"],
      "a root that lies 301 s ahead of now",
      await pack([artifact, [2, packed(decision, { ...under, root: ahead })], [3, ahead]]),
    ),
    of(
      "receipt-younger-than-root",
      "receipt-root",
      ["EVP-3", "REC-5"],
      "a receipt 301 s younger than the root over it",
      await pack([artifact, [2, packed(young, { receipts: [young], index: 0, root: youngRoot })], [3, youngRoot]]),
    ),
    of(
      "receipt-altered",
      "receipt-root",
      ["EVP-3"],
      "a receipt with another operation",
      await pack([
        artifact,
        [2, packed({ ...receipt(chain, 0, (map) => map.set(7, "train")) }, under)],
        second,
        rootItem,
      ]),
    ),
    of(
      "salt-changed",
      "receipt-root",
      ["EVP-3"],
      "another salt",
      await pack([artifact, [2, packed({ ...decision, salt: bytesOf("other", 16) }, under)], second, rootItem]),
    ),
    await placed("index-of-neighbour", "receipt-root", "the index of the neighbour", (place) => place.set(2, 1)),
    await placed("index-beyond", "receipt-root", "an index beyond the tree", (place) => place.set(2, 2)),
    await placed("size-changed", "receipt-root", "another tree size than the root's", (place) => place.set(1, 3)),
    await placed("path-empty", "receipt-root", "no path", (place) => place.set(3, [])),
    await placed("path-digest-short", "structure", "a digest of 31 bytes in the path", (place) =>
      place.set(3, [bytesOf("x", 31)]),
    ),
    of(
      "receipt-version-2",
      "version-unknown",
      ["EVP-3", "REC-1"],
      "a receipt of version 2",
      await pack([
        artifact,
        [
          2,
          packed(
            receipt(chain, 0, (map) => map.set(1, 2)),
            null,
          ),
        ],
      ]),
    ),
    of(
      "artifact-seal-flipped",
      "signature-invalid",
      ["EVP-4"],
      "an artifact whose seal doesn't verify",
      await pack([[1, joined(await sealed({}, { cose: { signature: (signature) => flipped(signature, 5) } }))]]),
    ),
    of(
      "report-entry-removed",
      "report-root",
      ["EVP-4", "RAN-17"],
      "a report with an item left out",
      await pack([artifact, [4, await report({ stored: (all) => all.slice(1) })]]),
    ),
    of(
      "artifact-compact",
      "attachment-missing",
      ["EVP-4"],
      "an artifact without its policy",
      await pack([[1, joined(chain, { attachments: () => [] })]]),
    ),
  ];
}

/** Every case of evidence packs. */
export async function evidenceVectors(): Promise<VectorFile[]> {
  return [...(await acceptedCases()), ...(await refusedCases()), ...(await refusedEvidenceLimits())].map(
    ({ id, title, spec, pack: bytes, trust = "base.json", now = defaultNow, expect }) => ({
      path: `evidence/${id}.json`,
      json: { id, title, spec, trust, now, pack: Buffer.from(bytes).toString("base64"), expect },
    }),
  );
}
