// Artifacts of every kind with fresh keys and members left to chance. A fault changes one thing before it is signed.
import type { Core, CustodyRule } from "../../packages/core/src/artifact.ts";
import { hashContent } from "../../packages/core/src/content.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { anchor, batched, chainOf, joined } from "./chain.ts";
import type { AnchorOptions, BatchOptions, Chain, JoinOptions } from "./chain.ts";
import { draft, keysBytesOf, policy, usualKey, wrapTo } from "./draft.ts";
import type { DraftOptions, PolicyFixture, PolicyOptions } from "./draft.ts";
import { childOf, revisionOf } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { bytesOf, seconds } from "./material.ts";
import type { Cast, Choice } from "./fresh-scene.ts";
import type { TrustJson } from "./trust.ts";

/** How a fresh artifact comes about. */
export const kinds = ["seal", "derive", "cover", "batch", "rehash", "rewrap", "adopt", "amend"] as const;

/** One of `kinds`. */
export type Kind = (typeof kinds)[number];

/** What a fault changes; everything else is as it would be without it. */
export interface Edits {
  /** The artifact itself, not its sources. */
  readonly draft?: ChildOptions;
  /** Its last anchor. */
  readonly last?: BatchOptions;
  readonly policy?: PolicyOptions;
  readonly join?: JoinOptions;
  readonly bytes?: (artifact: Uint8Array) => Uint8Array;
  readonly content?: (content: Uint8Array) => Uint8Array;
  readonly trust?: (trust: TrustJson) => TrustJson;
  /** Seconds from the last anchor to the verifier's clock. */
  readonly nowAfter?: number;
}

/** A fresh artifact. */
export interface Fresh {
  readonly chain: Chain;
  readonly artifact: Uint8Array;
  readonly content: Uint8Array;
  /** The verifier's clock, seconds since the epoch. */
  readonly now: number;
}

/** Another key of the same account and Region. */
export const secondKey = "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";

const day = 86_400;
const rule: CustodyRule = {
  custodies: ["aws-kms"],
  accounts: ["111122223333"],
  regions: ["eu-central-1"],
  contextPairs: new Map([["tenant", "blue"]]),
};

/** One artifact in the making: what its steps share. */
interface Making {
  readonly label: string;
  readonly cast: Cast;
  readonly choice: Choice;
  readonly edits: Edits;
  /** When it all began, seconds since the epoch. */
  readonly start: number;
}

/** When the last anchor was made. */
export function lastTime({ links }: Chain): number {
  return links.at(-1)!.facts.time;
}

function policiesOf({ label, cast, choice, edits }: Making): Promise<PolicyFixture[]> {
  const classification = (): string => choice.pick(["public", "internal", "confidential", "restricted"]);
  return Promise.all(
    Array.from({ length: 1 + choice.below(3) }, (_, n) => {
      const document = { classification: classification(), ext: { "urn:example:note": choice.below(2 ** 40) } };
      const options = { signer: cast.office, document };
      return policy(`${label}-${n}`, n === 0 ? { ...options, ...edits.policy } : options);
    }),
  );
}

/** Members that a source or an original has. */
async function original(making: Making, label: string): Promise<DraftOptions> {
  const { choice, cast } = making;
  const wraps = [wrapTo(label), ...(choice.chance(40) ? [wrapTo(label, secondKey)] : [])];
  const noted = { kind: "classical-transport" as const, custodyUri: usualKey, notedAt: making.start };
  const status = choice.chance(50) ? [{ uri: "https://status.example/fresh", index: choice.below(2 ** 20) }] : [];
  return {
    label,
    policies: await policiesOf({ ...making, label }),
    wraps,
    exposures: choice.chance(30) ? [noted] : [],
    plaintext: "0123456789".repeat(choice.below(200)),
    contentHash: choice.pick([-16, -43]),
    core: {
      issuer: cast.issuer.authority,
      firstIssuer: cast.issuer.authority,
      issuedAt: making.start,
      custodyRule: rule,
      lineage: { operation: "seal", parents: [], receipts: [], actor: cast.issuer.authority },
      status,
    },
  };
}

function changed(options: ChildOptions, { draft: edits = {} }: Edits): ChildOptions {
  return { ...options, ...edits, core: { ...options.core, ...edits.core } };
}

/** An anchor, direct or batched as chance will have it. */
function anchored({ choice }: Making, chain: Chain, options: BatchOptions, batch = choice.chance(40)): Promise<Chain> {
  const size = 1 + choice.below(9);
  return batch ? batched(chain, { size, index: choice.below(size), ...options }) : anchor(chain, directly(options));
}

/** What a direct anchor takes of the edits of a batched one. */
function directly({ rootCose, ...options }: BatchOptions): AnchorOptions {
  return { ...options, ...(rootCose ? { cose: rootCose } : {}) };
}

/** A sealed original, or one whose seal is still to come. */
async function sealedSource(making: Making, label: string): Promise<Chain> {
  const seal = { signer: making.cast.issuer, time: making.start };
  return anchored(making, chainOf(await draft(await original(making, label))), seal);
}

async function coveredBy(making: Making, chain: Chain, signer: Signer, last: BatchOptions = {}): Promise<Chain> {
  const time = lastTime(chain) + day + making.choice.below(3 * day);
  return anchored(making, chain, { signer, time, ...last });
}

async function sealCase(making: Making): Promise<Chain> {
  const options = changed(await original(making, making.label), making.edits);
  const seal = { signer: making.cast.issuer, time: making.start, ...making.edits.last };
  return anchored(making, chainOf(await draft(options)), seal);
}

async function adoptCase(making: Making): Promise<Chain> {
  const { label, cast, choice, edits } = making;
  const stored = bytesOf(`${label} stored`, choice.below(3000));
  const { sizeBytes, root } = await hashContent(stored, { format: "opaque", hashAlg: choice.pick([-16, -43, -44]) });
  const usual = await original(making, label);
  const content = { format: "opaque" as const, sizeBytes, root, externalKey: "arn:aws:kms:eu-central-1:1:alias/old" };
  const lineage = { operation: "adopt" as const, parents: [], receipts: [], actor: cast.issuer.authority };
  const wraps = choice.chance(50) ? [] : (usual.wraps ?? []);
  const options = changed({ ...usual, wraps, core: { ...usual.core, content, lineage } }, edits);
  const seal = { signer: cast.issuer, time: making.start, ...edits.last };
  const chain = await anchored(making, chainOf(await draft(options)), seal);
  return { ...chain, draft: { ...chain.draft, content: stored } };
}

/** A later anchor of a kind over a sealed original, perhaps with others before it. */
async function laterCase(making: Making, kind: "cover" | "batch" | "rehash" | "rewrap"): Promise<Chain> {
  const { label, cast, choice, edits } = making;
  const anchors = [cast.notary, cast.clerk, cast.issuer];
  const options = changed(await original(making, label), edits);
  let chain = await anchored(making, chainOf(await draft(options)), { signer: cast.issuer, time: making.start });
  for (let n = choice.below(3); n > 0; n -= 1) chain = await coveredBy(making, chain, choice.pick(anchors));
  const time = lastTime(chain) + 1 + choice.below(3 * day);
  const last: BatchOptions = { signer: choice.pick(anchors), time };
  if (kind === "rehash") {
    const { root: contentRoot } = await hashContent(chain.draft.content, { format: "floe", hashAlg: -44 });
    return anchored(making, chain, { kind, contentRoot, ...last, ...edits.last });
  }
  if (kind === "rewrap") {
    const wraps = [wrapTo(label, secondKey)];
    const keysBytes = keysBytesOf({ wraps, exposures: options.exposures ?? [] });
    const now = await anchored(making, chain, { kind, keysBytes, ...last, ...edits.last });
    return { ...now, draft: { ...now.draft, wraps } };
  }
  return anchored(making, chain, { ...last, ...edits.last }, kind === "batch");
}

async function deriveCase(making: Making): Promise<Chain> {
  const { label, cast, choice, edits } = making;
  const parents: Chain[] = [];
  for (let n = 1 + choice.below(3); n > 0; n -= 1) {
    const parent = await sealedSource(making, `${label} parent ${n}`);
    parents.push(choice.chance(50) ? await coveredBy(making, parent, cast.notary) : parent);
  }
  const time = Math.max(...parents.map(lastTime)) + 1 + choice.below(day);
  const united = new Map(parents.flatMap(({ draft: { core } }) => core.status).map((one) => [one.index, one]));
  const unattached = choice.chance(25) ? [await sealedSource(making, `${label} parent 0`)] : [];
  const { policies: _own, core: _core, ...usual } = await original(making, label);
  return childOf(
    parents,
    changed(
      {
        ...usual,
        operation: choice.pick(["aggregate", "transform", "train", "share"]),
        unattached,
        core: {
          custodyRule: rule,
          status: [...united.values(), ...unattached.flatMap((one) => one.draft.core.status)],
        },
        seal: { signer: choice.pick([cast.lab, cast.lab, cast.issuer]), time, ...directly(edits.last ?? {}) },
      },
      edits,
    ),
  );
}

async function amendCase(making: Making): Promise<Chain> {
  const { label, cast, choice, edits } = making;
  const usual = await original(making, label);
  const before = await anchored(making, chainOf(await draft(usual)), { signer: cast.issuer, time: making.start });
  const covered = choice.chance(50) ? await coveredBy(making, before, cast.clerk) : before;
  const signer = choice.pick([cast.lab, cast.issuer]);
  const { plaintext, contentHash, wraps } = usual;
  const time = lastTime(covered) + 1 + choice.below(day);
  const own = { uri: "https://status.example/revisions", index: choice.below(1000) };
  const inherited = signer === cast.issuer ? [] : (usual.core?.status ?? []);
  const core: Partial<Core> = { custodyRule: rule, status: choice.chance(50) ? [...inherited, own] : inherited };
  const kept = { ...(plaintext === undefined ? {} : { plaintext }), ...(contentHash ? { contentHash } : {}) };
  const seal = { signer, time, ...directly(edits.last ?? {}) };
  return revisionOf(covered, changed({ ...kept, wraps: wraps ?? [], core, seal }, edits));
}

/** Makes an artifact of a kind; the same label and edits give the same bytes. */
export async function freshArtifact(
  kind: Kind,
  label: string,
  cast: Cast,
  choice: Choice,
  edits: Edits = {},
): Promise<Fresh> {
  const start = seconds("2026-01-05T00:00:00Z") + choice.below(200 * day);
  const making: Making = { label, cast, choice, edits, start };
  const chain =
    kind === "seal"
      ? await sealCase(making)
      : kind === "adopt"
        ? await adoptCase(making)
        : kind === "derive"
          ? await deriveCase(making)
          : kind === "amend"
            ? await amendCase(making)
            : await laterCase(making, kind);
  const bytes = joined(chain, edits.join);
  const { content } = chain.draft;
  return {
    chain,
    artifact: edits.bytes?.(bytes) ?? bytes,
    content: edits.content?.(content) ?? content,
    now: lastTime(chain) + (edits.nowAfter ?? choice.below(10 * day)),
  };
}
