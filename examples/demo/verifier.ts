// What every verifying process does: takes up the signed trust policy, reads artifacts, asks for decisions.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { decide, ingest, openFile, openSignedTrust } from "@writ/core";
import type {
  Decision,
  DecisionRequest,
  Digest,
  Operation,
  ReceiptSink,
  SignatureAlg,
  TrustPolicy,
  VerifiedArtifact,
} from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { layout, urns } from "./cast.ts";

export const evaluator: ReturnType<typeof createEvaluator> = createEvaluator();

/** The trust policy by its pinned root; a sequence below the highest that `who` has seen is refused. */
export function loadTrust(folder: string, who: string): TrustPolicy {
  const files = layout(folder);
  const seenFile = join(folder, who, "trust-seen.json");
  const pin = JSON.parse(readFileSync(files.rootPin, "utf8")) as { alg: SignatureAlg; publicKey: string };
  const seen = existsSync(seenFile) ? (JSON.parse(readFileSync(seenFile, "utf8")) as number) : 0;
  const pinned = [{ alg: pin.alg, publicKey: Buffer.from(pin.publicKey, "base64url") }];
  const trust = openSignedTrust(readFileSync(files.trust), pinned, seen);
  mkdirSync(join(folder, who), { recursive: true });
  writeFileSync(seenFile, JSON.stringify(trust.sequence));
  return trust;
}

/** Names of the sealed files in a folder, without their endings. */
export function sealedFiles(folder: string): string[] {
  const ending = ".sealed.writ";
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => basename(file, ending))
    .sort();
}

/** Ingests a sidecar, with the content beside it unless that is read later anyway. */
export async function ingestFile(
  sidecar: string,
  trust: TrustPolicy,
  content: string | null,
): Promise<VerifiedArtifact> {
  if (content === null) return ingest(readFileSync(sidecar), trust, { evaluator });
  await using reader = await openFile(content);
  return await ingest(readFileSync(sidecar), trust, { evaluator, content: reader });
}

/** Path of an artifact in a folder. */
export function sidecarOf(folder: string, name: string): string {
  return join(folder, `${name}.sealed.writ`);
}

/** Path of the content in a folder. */
export function contentOf(folder: string, name: string): string {
  return join(folder, `${name}.sealed`);
}

/** What the consumer asks: a service of the institute, processing in Germany. */
export function ask(operation: Operation, purpose: string, more: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    operation,
    purposes: [purpose],
    principal: { id: urns.consumer, kind: "service", roles: ["researcher"], org: urns.institute },
    region: "DE",
    ...more,
  };
}

/** The same without a region: left out is unknown, not absent. */
export function withoutRegion({ region: _left, ...rest }: DecisionRequest): DecisionRequest {
  return rest;
}

/** A decision, and how it reads in a row. */
export interface Asked {
  readonly decision: Decision;
  readonly row: readonly string[];
}

export async function askFor(
  artifact: VerifiedArtifact,
  request: DecisionRequest,
  receipts: ReceiptSink,
): Promise<Asked> {
  const decision = await decide(artifact, request, { evaluator, receipts });
  return {
    decision,
    row: [request.operation, request.purposes.join(" "), request.region ?? "–", decision.verdict, because(decision)],
  };
}

function because({ verdict, reasons, missing, obligations }: Decision): string {
  if (verdict === "deny") return [...new Set(reasons.map(({ code }) => code))].join(", ");
  if (verdict === "unknown")
    return `missing: ${missing.map(({ fact, suppliedBy }) => `${fact} (${suppliedBy})`).join(", ")}`;
  return obligations
    .map(
      ({ type, trigger, withinSeconds }) =>
        `${type} ${trigger}${withinSeconds === undefined ? "" : ` within ${withinSeconds / 86_400} days`}`,
    )
    .join("; ");
}

/** Codes of the reasons of a decision. */
export function codesOf({ reasons }: Decision): readonly string[] {
  return reasons.map(({ code }) => code);
}

/** The receipt of a decision that wrote one. */
export function receiptOf({ receipt }: Decision): Digest {
  if (receipt === null) throw new TypeError("the decision left no receipt");
  return receipt;
}
