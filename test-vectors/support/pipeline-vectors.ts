// Revisions by a signer of role derive who bears the first issuer's authority: he passes on, and takes nothing from an original.
import { nameOf } from "../../packages/core/src/artifact.ts";
import type { StatusEntry } from "../../packages/core/src/artifact.ts";
import type { Chain } from "./chain.ts";
import { joined, sealed } from "./chain.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { pipeline } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const trust = "pipeline";
const nameOfChain = ({ draft: { coreBytes } }: Chain): string => nameOf(coreBytes);
const status: readonly StatusEntry[] = [{ uri: "https://status.example/1", index: 3 }];
const lineage = { operation: "amend" as const, parents: [], receipts: [], actor: pipeline.authority };
const bearing = { issuer: pipeline.authority, status, lineage };

function revised(of: Chain, core: ChildOptions["core"] = {}, time: number = derivedAt): Promise<Chain> {
  return revisionOf(of, { core: { ...bearing, ...core }, seal: { signer: pipeline, time } });
}

/** Cases of such revisions that are refused. */
export async function refusedPipelines(): Promise<Case[]> {
  const original = await sealed({ core: { status } });
  const second = await revised(original);
  const html = { content: { ...original.draft.core.content, mediaType: "text/html" } };
  const late = derivedAt + 3600;
  const case_ = (
    id: string,
    code: "parent-status" | "custody-rule" | "parent-digest",
    title: string,
    chain: Chain,
  ): Case => refused(`pipeline-${id}`, code, ["LIN-9"], title, joined(chain), { trust });
  return [
    case_(
      "status-dropped",
      "parent-status",
      "the original's status entry dropped",
      await revised(original, { status: [] }),
    ),
    case_("rule-widened", "custody-rule", "the original's rule widened", await revised(original, { custodyRule: {} })),
    case_(
      "media-type",
      "parent-digest",
      "the original's content under another media type",
      await revised(original, html),
    ),
    case_(
      "status-dropped-later",
      "parent-status",
      "the entry dropped one revision later",
      await revised(second, { status: [] }, late),
    ),
  ];
}

/** Cases that are accepted: nothing is taken, or what is taken was his own. */
export async function acceptedPipelines(): Promise<Case[]> {
  const original = await sealed({ core: { status } });
  const passed = await revised(original);
  const entries = [...status, { uri: "https://status.example/2", index: 1 }];
  const child = await childOf([original], { core: { status: entries }, seal: { signer: pipeline } });
  const freed = await revised(child, {}, derivedAt + 3600);
  const case_ = (id: string, title: string, chain: Chain, sources: readonly Chain[]): Case => ({
    id: `pipeline-${id}`,
    title,
    spec: ["LIN-9"],
    artifact: joined(chain),
    chain,
    trust,
    expect: { sources: sources.map(nameOfChain) },
  });
  return [
    case_("passes-on", "a revision that takes nothing", passed, [original]),
    case_("own-status-dropped", "a child's own status entry replaced, its parent's kept", freed, [child, original]),
  ];
}
