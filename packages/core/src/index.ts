export { CustodyError, FormatError, GovernanceError, PolicyError, VerificationError } from "./errors.ts";
export type { CustodyCode, ErrorCode, FormatCode, PolicyCode, VerificationCode } from "./errors.ts";
export { eraAtLeast, signatureAlgs, suites } from "./suites.ts";
export type { Era, HashAlg, KemKind, SignatureAlg, SuiteName } from "./suites.ts";
export type { Digest } from "./shape.ts";
export { nameOf } from "./artifact.ts";
export { decodeCbor, encodeCbor } from "./cbor.ts";
export type { CborMap, CborValue, DecodeLimits } from "./cbor.ts";
export { parseJson } from "./json.ts";
export type { Clock } from "./clock.ts";
export { operations } from "./evaluator.ts";
export type {
  ChildLayer,
  ChildLayers,
  DecisionReason,
  DecisionRequest,
  DecisionState,
  Evaluation,
  Evaluator,
  JsonObject,
  JsonValue,
  MissingFact,
  Obligation,
  Operation,
  Parameters,
  PolicyLayer,
  PreparedPolicy,
  Principal,
  StateEnd,
  StateNeeds,
} from "./evaluator.ts";
export type {
  Custody,
  CustodyCall,
  CustodyCallOptions,
  EncryptionContext,
  GeneratedSecret,
  KeyDescription,
  Recipient,
  RecipientKind,
} from "./custody.ts";
export { cryptoBackend, parseSpki, rawSignature } from "#crypto";
export type { KeyObject } from "#crypto";
export type { SigningKey } from "./cose.ts";
export { custodySigner, localSigner } from "./signer.ts";
export type { Signer } from "./signer.ts";
export { describeSigner, parseTrust } from "./trust.ts";
export { openSignedTrust, signTrust } from "./trust-signed.ts";
export type { Demand, Requirement, Role, TrustPolicy, TrustedSigner } from "./trust.ts";
export type { TrustedRecipientKey } from "./trust-recipient.ts";
export { parsePolicy, signPolicy } from "./policy.ts";
export type { PolicyMessage } from "./policy.ts";
export type {
  ContentReference,
  Core,
  CustodyRule,
  Exposure,
  Keys,
  Layer,
  Lineage,
  Source,
  StatusEntry,
} from "./artifact.ts";
export { artifactIdText } from "./verified.ts";
export type { Check, VerifiedArtifact } from "./verified.ts";

export type { AttachedSource, Attachments, Store } from "./attachments.ts";
export { encodeEnvelope, splitCarrier } from "./carrier.ts";
export type { Carried } from "./carrier.ts";
export { openFile } from "#content-file";
export type { FileReader } from "#content-file";
export type { ContentReader, ContentSource, SeekableSource } from "./content-source.ts";
export { seal } from "./seal.ts";
export type { SealOptions, SealPolicy } from "./seal.ts";
export type { Issued, RecipientKey } from "./issue.ts";
export { adopt } from "./adopt.ts";
export type { AdoptOptions } from "./adopt.ts";
export { ingest } from "./ingest.ts";
export type { IngestOptions } from "./ingest.ts";
export type {
  Charge,
  ChargeOutcome,
  ConsentSource,
  CounterStore,
  StateSources,
  StatusReading,
  StatusSource,
} from "./state.ts";
export { decide } from "./decide.ts";
export type { DecideOptions, Decision, SuppliedState } from "./decide.ts";
export type { Permit } from "./permit.ts";
export { open, openRange } from "./open.ts";
export type { OpenOptions, OpenRangeOptions } from "./open.ts";
export { derive } from "./derive.ts";
export type { DeriveOptions } from "./derive.ts";
export type { LowerOptions } from "./lower.ts";
export { cover, coverBatch } from "./cover.ts";
export { batchSigner } from "./batch-signer.ts";
export type { BatchSigner, BatchSignerOptions, SignedAnchor } from "./batch-signer.ts";
export type { CoverOptions, Covered, CoveredBatch } from "./cover.ts";
export type { RequiredContext } from "./context.ts";
export type { AnchorEvidence, Evidence } from "./evidence.ts";
export type { Deadline } from "./deadline.ts";
export type { LineageVerdict } from "./lineage.ts";
export { createReceiptLog } from "./receipt.ts";
export type { Receipt, ReceiptBody, ReceiptLog, ReceiptSink } from "./receipt.ts";
export { verifyReceipts } from "./verify-receipts.ts";
export type { CheckedReceipt, VerifyReceiptsOptions } from "./verify-receipts.ts";
export { readReceiptFile } from "./receipt-entries.ts";
export { openReceiptFile } from "#receipt-file";
export type { ReceiptFile } from "#receipt-file";
export { signReport, verifyReport } from "./report.ts";
export type { CheckedReport, OutcomeKind, ReportBody, ReportEntry } from "./report.ts";
export { inspect } from "./inspect.ts";
export type { Inspection } from "./inspect.ts";
