/** Codes of bytes or text that are not what the format says. */
export type FormatCode =
  | "cbor-truncated"
  | "cbor-trailing"
  | "cbor-not-shortest"
  | "cbor-indefinite"
  | "cbor-key-order"
  | "cbor-utf8"
  | "cbor-depth"
  | "cbor-type"
  | "cbor-integer"
  | "input-too-large"
  | "input-empty"
  | "input-unreadable"
  | "output-exists"
  | "output-unwritable"
  | "json-invalid"
  | "json-duplicate-member"
  | "format-unknown"
  | "version-unknown"
  | "structure"
  | "set-order"
  | "long-list-form"
  | "crit-unknown"
  | "attachment-unnamed"
  | "attachment-missing"
  | "trust-schema"
  | "context-invalid";

/** Codes of evidence that does not verify. */
export type VerificationCode =
  | "trust-missing"
  | "trust-expired"
  | "trust-sequence"
  | "cose-structure"
  | "signature-invalid"
  | "signer-unknown"
  | "signer-role"
  | "signer-scope"
  | "signer-dates"
  | "signer-compromised"
  | "suite-unknown"
  | "suite-lapsed"
  | "suite-required"
  | "anchor-kind"
  | "anchor-sequence"
  | "anchor-chain"
  | "anchor-artifact"
  | "anchor-core"
  | "anchor-keys"
  | "anchor-content-root"
  | "anchor-time"
  | "batch-structure"
  | "batch-root"
  | "policy-authority"
  | "custody-rule"
  | "status-missing"
  | "status-rollback"
  | "parent-missing"
  | "parent-digest"
  | "parent-status"
  | "layer-dropped"
  | "lineage-time"
  | "lineage-unchecked"
  | "content-size"
  | "content-header"
  | "content-root"
  | "content-leaf"
  | "content-leaf-list"
  | "content-segment"
  | "content-commitment"
  | "head-changed"
  | "receipt-chain"
  | "receipt-root"
  | "report-root"
  | "evidence-pack"
  | "key-mismatch"
  | "principal-token"
  | "principal-keys";

/** Codes of rules: a policy that can't be accepted, or an operation that the rules refuse. */
export type PolicyCode =
  | "policy-schema"
  | "policy-duplicate-member"
  | "policy-unknown-term"
  | "policy-unknown-operand"
  | "policy-operand"
  | "policy-too-large"
  | "policy-taxonomy"
  | "policy-taxonomy-cycle"
  | "policy-crit"
  | "policy-number"
  | "policy-date"
  | "policy-parameter"
  | "policy-reference"
  | "policy-waives"
  | "request-schema"
  | "request-unknown-term"
  | "odrl-unsupported"
  | "derive-forbidden"
  | "release-refused"
  | "empty-meet"
  | "permit-spent"
  | "permit-expired"
  | "permit-mismatch"
  | "approval-expired"
  | "approval-mismatch"
  | "approval-missing"
  | "lowering-refused"
  | "receipts-required"
  | "receipt-not-durable";

/** Codes of a custody (a KMS, an HSM, a keystore) that did not do what it was asked. */
export type CustodyCode =
  | "custody-denied"
  | "custody-context"
  | "custody-key-state"
  | "custody-not-found"
  | "custody-throttled"
  | "custody-unavailable"
  | "custody-key-mismatch"
  | "custody-unsupported"
  | "custody-no-recipient"
  | "unwrap-failed";

/** The closed union of all error codes; each is a row of spec/9-errors.md. */
export type ErrorCode = FormatCode | VerificationCode | PolicyCode | CustodyCode;

/** What an error carries beside its code. */
export interface ErrorDetail {
  /** Where in the input: a JSON pointer, a member path or a file name. */
  readonly path?: string | undefined;
  /** True where the same call may succeed later. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** The base of every error that leaves Writ; read `code`, never the message. Spec: ERR-1. */
export class GovernanceError extends Error {
  override readonly name: string = "GovernanceError";
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly retryable: boolean;

  /** `message` is lower case, has no full stop, and never holds key bytes, plaintext or tokens. */
  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.path = detail.path;
    this.retryable = detail.retryable ?? false;
  }
}

/** Bytes or text are not what the format says. */
export class FormatError extends GovernanceError {
  override readonly name = "FormatError";
  declare readonly code: FormatCode;

  constructor(code: FormatCode, message: string, detail?: ErrorDetail) {
    super(code, message, detail);
  }
}

/** Evidence does not verify. */
export class VerificationError extends GovernanceError {
  override readonly name = "VerificationError";
  declare readonly code: VerificationCode;

  constructor(code: VerificationCode, message: string, detail?: ErrorDetail) {
    super(code, message, detail);
  }
}

/** A policy can't be accepted, or the rules refuse the operation. */
export class PolicyError extends GovernanceError {
  override readonly name = "PolicyError";
  declare readonly code: PolicyCode;

  constructor(code: PolicyCode, message: string, detail?: ErrorDetail) {
    super(code, message, detail);
  }
}

/** A custody did not do what it was asked. */
export class CustodyError extends GovernanceError {
  override readonly name = "CustodyError";
  declare readonly code: CustodyCode;

  constructor(code: CustodyCode, message: string, detail?: ErrorDetail) {
    super(code, message, detail);
  }
}
