// State that the command line is given as files: status lists, registers of consents, approvals. Nothing is fetched, nothing believed unsigned.
import { join } from "node:path";
import { FormatError, VerificationError } from "@writ/core";
import type { StateSources, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { useWaivers } from "@writ/core/approval";
import type { ApprovalLedger } from "@writ/core/approval";
import { consentSource, directoryLedger, statusSource, unverifiedToken } from "@writ/evaluator/status";
import type { KeeperOptions } from "@writ/evaluator/status";
import type { Context } from "./command.ts";
import { UsageError } from "./fault.ts";
import { countOf } from "./flag-values.ts";
import { readInput, readText } from "./input-file.ts";
import type { Io } from "./io.ts";
import { assertNewest } from "./list-memory.ts";
import type { ListMemory, ShownList } from "./list-memory.ts";

/** Flags of state. */
export interface StateOptions {
  readonly status?: readonly string[];
  readonly consents?: string;
  readonly counters?: string;
  readonly approval?: readonly string[];
  readonly approvalThreshold?: string;
}

/** What the token says it is about, and when it was issued, isn't believed before a source took it. */
interface TokenFile extends ShownList {
  readonly token: string;
}

/** What the flags of state named, read but not verified. */
export interface StateFiles {
  readonly status: readonly TokenFile[];
  readonly consents: TokenFile | null;
  readonly approvals: readonly Uint8Array[];
  readonly threshold: number;
}

const maxTokenBytes = 6 << 20;
const maxApprovalBytes = 64 << 10;

/** Where a token says it is found. Throws FormatError `format-unknown` for what is no token. */
async function tokenFile(io: Io, path: string): Promise<TokenFile> {
  const token = (await readText(io, path, maxTokenBytes)).trim();
  const said = unverifiedToken(token);
  if (said !== null) return { path, token, ...said };
  throw new FormatError("format-unknown", `\`${path}\` is no signed list`, { path });
}

/** Throws UsageError for two files about one URI: which of them counts would be for their order to say. Spec: CLI-24. */
function assertDistinct(files: readonly TokenFile[]): void {
  const paths = new Map<string, string>();
  for (const { path, uri } of files) {
    const other = paths.get(uri);
    if (other !== undefined)
      throw new UsageError(`\`${other}\` and \`${path}\` are both about \`${uri}\``, "pass the newer one of them");
    paths.set(uri, path);
  }
}

/** Reads the files of these flags. Throws UsageError, `input-…`, `format-unknown`. */
export async function readStateFiles(io: Io, options: StateOptions): Promise<StateFiles> {
  const status = await Promise.all((options.status ?? []).map((path) => tokenFile(io, path)));
  const consents = options.consents === undefined ? null : await tokenFile(io, options.consents);
  assertDistinct([...status, ...(consents ? [consents] : [])]);
  const approvals = await Promise.all((options.approval ?? []).map((path) => readInput(io, path, maxApprovalBytes)));
  const threshold =
    options.approvalThreshold === undefined ? 1 : countOf("--approval-threshold", options.approvalThreshold, 1, 256);
  if (options.approvalThreshold !== undefined && approvals.length === 0)
    throw new UsageError("--approval-threshold counts approvals, and none is given", "pass --approval FILE");
  return { status, consents, approvals, threshold };
}

/** Throws for a file that the trust policy doesn't let speak: who passes one means it to count. Spec: CLI-24. */
function refused({ path, uri }: TokenFile, why: string): never {
  if (why === "form") throw new FormatError("format-unknown", `\`${path}\` is no list as Writ takes it`, { path });
  if (why === "size") throw new FormatError("input-too-large", `\`${path}\` is larger than is read`, { path });
  if (why === "date")
    throw new VerificationError("signer-dates", `\`${path}\` was signed when its signer wasn't trusted`, { path });
  throw new VerificationError(
    why === "scope" ? "signer-scope" : "signer-unknown",
    `\`${path}\` isn't signed by a status signer of the trust policy that may speak for \`${uri}\``,
    { path },
  );
}

/** A clock that never lies before what the home remembers of these lists. Spec: CLI-28. */
function neverBefore(clock: () => number, files: readonly TokenFile[], { seen }: ListMemory): () => number {
  const latest = Math.max(0, ...files.map(({ uri }) => seen.get(uri)?.seenAt ?? 0)) * 1000;
  return () => Math.max(clock(), latest);
}

/**
 * Sources over these files, each of which counts under `trust` and is no older than what `memory` has. Throws `signer-…`,
 * `status-rollback`, `format-unknown`, `input-too-large`. Spec: CLI-24, CLI-28.
 */
export async function stateSources(
  { status, consents }: StateFiles,
  trust: TrustPolicy,
  given: () => number,
  memory: ListMemory,
): Promise<StateSources> {
  const files = [...status, ...(consents ? [consents] : [])];
  const clock = neverBefore(given, files, memory);
  const why = new Map<string, string>();
  const over = (files: readonly TokenFile[]): KeeperOptions => ({
    trust,
    clock,
    fetch: (uri) => {
      const found = files.find((file) => file.uri === uri);
      return found ? Promise.resolve(found.token) : Promise.reject(new FormatError("input-unreadable", "no such list"));
    },
    onRefused: (uri, reason) => void why.set(uri, reason),
  });
  const now = Math.floor(clock() / 1000);
  const lists = statusSource(over(status));
  const registers = consents && consentSource({ ...over([consents]), register: consents.uri });
  await lists.read(
    status.map(({ uri }) => ({ uri, index: 0 })),
    now,
  );
  await registers?.read([], now);
  for (const file of files) {
    const speaks = trust.signers.some(
      ({ role, scope }) =>
        (role === "status" || (role === "hold" && file !== consents)) &&
        scope?.some((prefix) => file.uri.startsWith(prefix)) === true,
    );
    const reason = speaks ? why.get(file.uri) : "scope";
    if (reason !== undefined) refused(file, reason);
    assertNewest(memory, file);
  }
  if (now < trust.expires)
    // else nothing was read, and so nothing is known of it
    await memory.note(new Map(files.map(({ uri, issuedAt, digest }) => [uri, { issuedAt, digest, seenAt: now }])));
  return {
    ...(status.length > 0 ? { status: lists } : {}),
    ...(registers ? { consents: registers } : {}),
  };
}

/** Marks nothing: for what is only asked about. */
export const noLedger: ApprovalLedger = { spend: () => Promise.resolve(true) };

/** The home's ledger of used approvals. Throws `input-unreadable` without a home. */
export async function homeLedger(context: Context): Promise<ApprovalLedger> {
  return directoryLedger(join((await context.needHome()).paths.folder, "approvals-used"));
}

/** The duties that the approvals waive; spends them. Throws as `useWaivers` does. Spec: APR-5, CLI-24. */
export async function waivedDuties(
  { approvals, threshold }: StateFiles,
  verified: VerifiedArtifact,
  operation: string,
  ledger: () => Promise<ApprovalLedger>,
  clock: () => number,
): Promise<Awaited<ReturnType<typeof useWaivers>>> {
  if (approvals.length === 0) return [];
  return useWaivers(approvals, verified, operation, { ledger: await ledger(), threshold, clock });
}
