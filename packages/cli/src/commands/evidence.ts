// writ evidence: artifacts and the receipts about them in one file for an auditor, and what such a file proves.
import { resolve } from "node:path";
import { artifactIdText, GovernanceError, nameOf, readReceiptFile } from "@writ/core";
import type { Receipt, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { packEvidence, verifyEvidence } from "@writ/core/evidence-pack";
import type { EvidenceAudit } from "@writ/core/evidence-pack";
import { statusSource, unverifiedToken } from "@writ/evaluator/status";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { Custodies, signerFor } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { exits } from "../exit-codes.ts";
import { stopIfInterrupted, UsageError } from "../fault.ts";
import { readCarrier, readInput } from "../input-file.ts";
import { Outputs } from "../output-file.ts";
import { instantText, short, table } from "../print.ts";
import type { Line } from "../print.ts";
import { loadTrust } from "../trust-source.ts";
import { inFile } from "../verified-input.ts";
import { logsOf } from "./receipts.ts";

/** Options of `evidence pack`. */
export interface EvidencePackOptions extends CommonOptions, SignerOptions {
  readonly trust?: string;
  readonly receipts?: readonly string[];
  readonly report?: readonly string[];
  readonly status?: readonly string[];
  readonly out: string;
}

/** Options of `evidence verify`. */
export interface EvidenceVerifyOptions extends CommonOptions {
  readonly trust?: string;
}

const maxLogBytes = 1 << 30;
const maxReportBytes = 64 << 20;
const maxTokenBytes = 6 << 20;
const maxPackBytes = 64 << 20;

/** What `named` gives, or an error that says which file it is about. */
async function about<T>(path: string, named: () => Promise<T>): Promise<T> {
  try {
    return await named();
  } catch (error) {
    throw error instanceof GovernanceError ? inFile(error, path) : error;
  }
}

/** The logs that were named; `none` for none, else the home's where there is one. */
async function packedLogs(context: Context, named: readonly string[] | undefined): Promise<readonly string[]> {
  if (named?.includes("none") !== true) return logsOf(context, named);
  if (named.length > 1) throw new UsageError("--receipts none leaves no room for a log");
  return [];
}

/** Packs artifacts with the receipts about them; everything is verified first. Spec: EVP-1 to EVP-4, CLI-45. */
export async function evidencePack(
  context: Context,
  [files]: readonly [readonly string[]],
  options: EvidencePackOptions,
): Promise<Answer> {
  const { io } = context;
  if (options.out === "-") throw new UsageError("an evidence pack is no text", "name an output with -o OUT");
  const source = await loadTrust(io, await context.findHome(), options.trust);
  const { createEvaluator } = await import("@writ/evaluator");
  const artifacts: Uint8Array[] = [];
  for (const file of new Set(files)) {
    stopIfInterrupted(io.signal);
    await using carrier = await readCarrier(io, file);
    artifacts.push(carrier.artifact);
  }
  const paths = await packedLogs(context, options.receipts);
  const logs = await Promise.all(
    paths.map((path) => about(path, async () => readReceiptFile(await readInput(io, path, maxLogBytes)).entries)),
  );
  const read = (named: readonly string[] | undefined, maxBytes: number): Promise<readonly Uint8Array[]> =>
    Promise.all((named ?? []).map((path) => readInput(io, path, maxBytes)));
  using outputs = new Outputs(context.force);
  const target = outputs.stage(resolve(io.cwd, options.out));
  const custodies = new Custodies(() => context.needHome());
  const signer = await signerFor(custodies, () => context.needHome(), "receipt", await suiteChosen(context, options));
  const pack = await packEvidence({
    artifacts,
    logs,
    reports: await read(options.report, maxReportBytes),
    statusLists: await read(options.status, maxTokenBytes),
    trust: source.trust,
    trustDigest: nameOf(new TextEncoder().encode(source.text)),
    signer,
    evaluator: createEvaluator(),
    clock: io.now,
  });
  target.write(pack);
  outputs.commit();
  const audit = await verifyEvidence(pack, source.trust, { clock: io.now });
  return {
    json: {
      pack: options.out,
      sizeBytes: pack.length,
      authority: signer.authority,
      suite: signer.suite,
      artifacts: audit.artifacts.length,
      receipts: audit.receipts.length,
      reports: audit.reports.length,
      statusLists: audit.statusLists.length,
      gaps: audit.gaps.length,
    },
    lines: [
      { text: `${files.join(", ")} -> ${options.out}`, tone: "good" },
      `  ${audit.artifacts.length} artifact(s), ${audit.receipts.length} receipt(s), ${audit.reports.length} report(s), ${audit.statusLists.length} status list(s)`,
      `  ${audit.gaps.length} gap(s), which \`writ evidence verify\` names`,
      `  packed by ${signer.authority} (${signer.suite})`,
    ],
  };
}

/** The home's receipt signer has one suite, which need not be the default. */
async function suiteChosen(context: Context, options: EvidencePackOptions): Promise<SignerOptions> {
  if (options.suite !== undefined || options.signerKey !== undefined) return options;
  const suite = (await context.findHome())?.signers.find(({ role }) => role === "receipt")?.suite;
  return suite === undefined ? options : { ...options, suite };
}

interface StatusListJson {
  readonly name: string;
  readonly uri: string | null;
  readonly accepted: boolean;
  readonly reason: string | null;
}

/** Whether a status list is by one who may speak for it, as of when the pack was made. Spec: EVP-4, STS-1. */
async function statusListJson(token: Uint8Array, trust: TrustPolicy, madeAt: number): Promise<StatusListJson> {
  const text = new TextDecoder().decode(token).trim();
  const uri = unverifiedToken(text)?.uri ?? null;
  if (uri === null) return { name: nameOf(token), uri, accepted: false, reason: "form" };
  let reason: string | null = null;
  const source = statusSource({
    trust,
    clock: () => madeAt * 1000,
    fetch: () => Promise.resolve(text),
    onRefused: (_, why) => void (reason = why),
  });
  await source.read([{ uri, index: 0 }], madeAt);
  return { name: nameOf(token), uri, accepted: reason === null, reason };
}

function artifactJson({ core, name, evidence, classification, wrapEra }: VerifiedArtifact): object {
  return {
    artifactId: artifactIdText(core),
    name,
    revision: core.revision,
    issuer: core.issuer,
    issuedAt: instantText(core.issuedAt),
    classification,
    standing: evidence.standing,
    evidenceEra: evidence.era,
    wrapEra,
  };
}

function principalOf({ principal }: Receipt): string {
  const id = principal.get("id");
  return typeof id === "string" ? id : "";
}

function receiptJson({ name, receipt, rootedBy }: EvidenceAudit["receipts"][number]): object {
  const { kind, time, verdict, operation, purposes, core, reasons, decision, exit } = receipt;
  return {
    name,
    kind,
    time: instantText(time),
    principal: principalOf(receipt),
    operation,
    purposes,
    verdict: verdict ?? null,
    reasons: (reasons ?? []).map(({ code }) => code),
    core,
    decision: decision ?? null,
    exit: exit ?? null,
    rootedBy,
  };
}

function auditLines(
  path: string,
  audit: EvidenceAudit,
  same: boolean,
  lists: readonly StatusListJson[],
): readonly Line[] {
  const { artifacts, receipts, gaps, lineage, reports } = audit;
  return [
    { text: `VERIFIED  ${path}`, tone: "good" },
    `  packed ${instantText(audit.madeAt)} by ${audit.packedBy}`,
    `  under trust policy ${audit.trust.name ?? "without a name"}, sequence ${audit.trust.sequence}: ${same ? "the one used here" : "not the one used here, which judged everything below"}`,
    "artifacts",
    ...table(
      artifacts.map(({ core, name, evidence, classification }) => [
        evidence.standing,
        artifactIdText(core),
        short(name),
        `of ${core.issuer}`,
        instantText(core.issuedAt),
        classification,
      ]),
      "  ",
    ),
    `lineage: ${lineage.standing}${lineage.forks.length === 0 ? "" : `, ${lineage.forks.length} fork(s)`}`,
    "receipts",
    ...table(
      receipts.map(({ name, receipt, rootedBy }) => [
        instantText(receipt.time),
        receipt.kind,
        principalOf(receipt),
        receipt.operation,
        receipt.verdict ?? receipt.exit ?? "",
        rootedBy === null ? "no signed root" : `root by ${rootedBy}`,
        short(name),
      ]),
      "  ",
    ),
    ...(reports.length === 0 ? [] : [`${reports.length} report(s), signatures and roots verified`]),
    ...lists.map(
      ({ uri, accepted, reason }) => `status list ${uri ?? ""}: ${accepted ? "accepted" : `refused (${reason})`}`,
    ),
    gaps.length === 0 ? "no gaps" : "gaps",
    ...table(
      gaps.map(({ gap, receipt }) => [gap, short(receipt)]),
      "  ",
    ),
  ];
}

/** Verifies a pack under the caller's own trust policy and prints the audit. Opens no socket. Spec: EVP-1 to EVP-5, CLI-45. */
export async function evidenceVerify(
  context: Context,
  [path]: readonly [string],
  options: EvidenceVerifyOptions,
): Promise<Answer> {
  const { io } = context;
  const { trust, text } = await loadTrust(io, await context.findHome(), options.trust);
  const { createEvaluator } = await import("@writ/evaluator");
  const bytes = await readInput(io, path, maxPackBytes);
  const audit = await about(path, () => verifyEvidence(bytes, trust, { evaluator: createEvaluator(), clock: io.now }));
  const same = audit.trust.digest === nameOf(new TextEncoder().encode(text));
  const lists = await Promise.all(audit.statusLists.map((token) => statusListJson(token, trust, audit.madeAt)));
  const expired = audit.artifacts.some(({ evidence }) => evidence.standing === "expired");
  const { standing } = audit.lineage;
  const unknown = standing === "unchecked" || lists.some(({ accepted }) => !accepted);
  const exit = standing === "broken" ? exits.invalid : unknown ? exits.untrusted : expired ? exits.expired : exits.ok;
  return {
    json: {
      pack: path,
      madeAt: instantText(audit.madeAt),
      packedBy: audit.packedBy,
      trust: { name: audit.trust.name ?? null, sequence: audit.trust.sequence, digest: audit.trust.digest, same },
      artifacts: audit.artifacts.map(artifactJson),
      lineage: { standing, findings: audit.lineage.findings, gaps: audit.lineage.gaps, forks: audit.lineage.forks },
      receipts: audit.receipts.map(receiptJson),
      reports: audit.reports.map(({ corpus, authority, suite, mode, endedAt, entries }) => ({
        corpus,
        authority,
        suite,
        mode,
        endedAt: instantText(endedAt),
        entries: entries.length,
      })),
      statusLists: lists,
      gaps: audit.gaps,
    },
    lines: auditLines(path, audit, same, lists),
    notes: ["receipts that were left out of a pack show only in their emitter's log"],
    exit,
  };
}
