// writ lineage: where artifacts come from, verified up to their sources.
import type { Core, Digest, Source, VerifiedArtifact } from "@writ/core";
import { verifyLineage } from "@writ/core/lineage";
import type { LineageReport, LineageStanding } from "@writ/core/lineage";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { exits } from "../exit-codes.ts";
import { stopIfInterrupted } from "../fault.ts";
import { instantText, short } from "../print.ts";
import type { Line } from "../print.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions, VerifyingSetting } from "../verified-input.ts";

/** Options of `lineage`. */
export interface LineageOptions extends CommonOptions, VerifyingOptions {
  readonly tree?: boolean;
}

interface NodeJson {
  /** Name of the core. */
  readonly name: string;
  readonly artifactId: string;
  readonly revision: number;
  readonly issuer: string;
  readonly operation: string;
  readonly actor: string;
  readonly issuedAt: string;
  readonly policies: readonly string[];
  readonly parents: readonly string[];
  readonly receipts: number;
  /** The file that was named; null for a source that another carries. */
  file: string | null;
}

type Nodes = Map<string, NodeJson>;

function sourcesOf(core: Core, { attachments }: VerifiedArtifact): readonly Source[] {
  return [...attachments.parents(core), ...(core.supersedes ? [core.supersedes] : [])];
}

function nodeOf(name: string, core: Core, verified: VerifiedArtifact): NodeJson {
  const { attachments } = verified;
  return {
    name,
    artifactId: Buffer.from(core.artifactId).toString("hex"),
    revision: core.revision,
    issuer: core.issuer,
    operation: core.lineage.operation,
    actor: core.lineage.actor,
    issuedAt: instantText(core.issuedAt),
    policies: attachments.layers(core).map(({ policy }) => attachments.policy(policy)?.id ?? policy),
    parents: sourcesOf(core, verified).map((source) => source.core),
    receipts: typeof core.lineage.receipts === "string" ? 1 : core.lineage.receipts.length,
    file: null,
  };
}

/** Adds an artifact and all that it carries; what is already there stays. */
function addAll(nodes: Nodes, verified: VerifiedArtifact, file: string): void {
  const pending: { name: string; core: Core }[] = [{ name: verified.name, core: verified.core }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const node = nodes.get(next.name) ?? nodeOf(next.name, next.core, verified);
    if (next.name === verified.name) node.file ??= file;
    nodes.set(next.name, node);
    for (const reference of sourcesOf(next.core, verified)) {
      const source = verified.attachments.source(reference);
      if (source && !nodes.has(source.name)) pending.push(source);
    }
  }
}

function nodeText({ operation, issuer, issuedAt, name, file, policies }: NodeJson): string {
  return `${operation} by ${issuer}, ${issuedAt}  ${short(name)}${file === null ? "" : `  ${file}`}  under ${policies.join(", ")}`;
}

/** The tree above an artifact; one that was drawn before is named, not drawn again. */
function treeLines(nodes: Nodes, root: string): readonly string[] {
  const lines: string[] = [];
  const drawn = new Set<string>();
  const pending: { name: string; prefix: string; branch: string }[] = [{ name: root, prefix: "", branch: "" }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { name, prefix, branch } = next;
    const node = nodes.get(name);
    if (!node) {
      lines.push(`${prefix}${branch}not at hand  ${short(name)}`);
      continue;
    }
    lines.push(`${prefix}${branch}${drawn.has(name) ? `as above  ${short(name)}` : nodeText(node)}`);
    if (drawn.has(name)) continue;
    drawn.add(name);
    const below = `${prefix}${branch === "" ? "" : branch === "└─ " ? "   " : "│  "}`;
    node.parents
      .toReversed()
      .forEach((parent, index) => pending.push({ name: parent, prefix: below, branch: index === 0 ? "└─ " : "├─ " }));
  }
  return lines;
}

/** Verifies file after file; nothing but what `nodes` shows is kept of each. */
async function* verifiedFiles(
  context: Context,
  files: readonly string[],
  setting: VerifyingSetting,
  seen: (file: string, verified: VerifiedArtifact) => void,
): AsyncGenerator<VerifiedArtifact, void, undefined> {
  for (const file of files) {
    stopIfInterrupted(context.io.signal);
    await using input = await verifyInput(context, file, undefined, setting);
    seen(file, input.verified);
    yield input.verified;
  }
}

function reasonOf(report: LineageReport, name: Digest, standing: LineageStanding): string | null {
  if (standing === "checked") return null;
  const finding = report.findings.find(({ artifact }) => artifact === name);
  if (finding) return `${finding.code}: ${finding.message}`;
  const gap = report.gaps.find(({ artifact }) => artifact === name);
  if (!gap) return `a source of its sources is ${standing}`;
  const why = {
    missing: "is not at hand",
    "other-anchors": "is at hand with other anchors",
    approvals: "was left with approvals that only an ingest beside it judges",
  };
  return `source \`${gap.source}\` ${why[gap.gap]}`;
}

/** What the graph says beside the standing of each file. */
function graphLines({ forks, superseded, stale }: LineageReport): readonly Line[] {
  return [
    ...forks.map(({ artifactId, revision, cores }): Line => ({
      text: `FORK  ${artifactId} revision ${revision}: ${cores.map(short).join(", ")}`,
      tone: "bad",
    })),
    ...superseded.map(({ core, by }) => `superseded  ${short(core)} by ${short(by)}`),
    ...stale.map(({ core, by }) => `stale  ${short(core)} derives from what ${short(by)} had superseded`),
  ];
}

/**
 * Shows the DAG of sources of verified artifacts, and what they are to each other. A gap is told: exit code 13; a rule that doesn't
 * hold between them: 10. Spec: CLI-1, CLI-46, LIN-20, LIN-21.
 */
export async function lineage(
  context: Context,
  [files]: readonly [readonly string[]],
  options: LineageOptions,
): Promise<Answer> {
  const setting = await verifyingSetting(context, options);
  const nodes: Nodes = new Map();
  const names: { readonly file: string; readonly name: Digest }[] = [];
  const verified = verifiedFiles(context, files, setting, (file, artifact) => {
    addAll(nodes, artifact, file);
    names.push({ file, name: artifact.name });
  });
  const report = await verifyLineage(verified, { clock: context.io.now });
  const roots = names.map(({ file, name }) => {
    const standing = report.standingOf(name) ?? "unchecked";
    return { file, name, standing, reason: reasonOf(report, name, standing) };
  });
  const lines = roots.flatMap(({ file, name, standing, reason }): readonly Line[] => [
    {
      text: `${standing.toUpperCase()}  ${file}${reason === null ? "" : `: ${reason}`}`,
      tone: standing === "checked" ? "good" : "bad",
    },
    ...(options.tree === true ? treeLines(nodes, name) : []),
  ]);
  const flat =
    options.tree === true
      ? []
      : [...nodes.values()].map(
          (node) =>
            `  ${nodeText(node)}${node.parents.length === 0 ? "" : `  from ${node.parents.map(short).join(", ")}`}`,
        );
  const { standing, findings, gaps, forks, superseded, stale } = report;
  return {
    json: { standing, files: roots, nodes: [...nodes.values()], findings, gaps, forks, superseded, stale },
    lines: [...lines, ...flat, ...graphLines(report)],
    exit: { checked: exits.ok, unchecked: exits.untrusted, broken: exits.invalid }[standing],
  };
}
