// What core asks of a custodian (a KMS, an HSM, a keystore). Adapters implement it and share no code.
import type { KeyObject } from "#crypto";
import type { SignatureAlg } from "./suites.ts";

/** Encryption context: lower-case keys; visible in audit logs, so nothing personal. Spec: RCP-3. */
export type EncryptionContext = ReadonlyMap<string, string>;

/** Kind of a wrap: how S is wrapped. `kms-symmetric` alone makes the custody enforce the context. Spec: RCP-1, RCP-2. */
export type RecipientKind = "kms-symmetric" | "kms-kem" | "kem" | "kms-rsa" | "kms-wrap-noaad";

/** A recipient as the artifact lists it: one key reference under which the data key opens. Spec: RCP-1. */
export interface Recipient {
  readonly kind: RecipientKind;
  /** Pinned key id, for example `aws-kms:arn:aws:kms:…:key/…` or `local:NAME`. */
  readonly custodyUri: string;
  /** What the custody gave for the secret S; opaque, up to 6 KiB. */
  readonly blob: Uint8Array;
  /** AES-256-KW of the 32-byte data key: 40 bytes. */
  readonly wrappedKey: Uint8Array;
  /** Null where the custody authenticates the context; else SHA-384 of the context. */
  readonly bound: Uint8Array | null;
  readonly alias?: string;
  readonly materialId?: string;
  readonly batchId?: string;
  readonly transportGroup?: string;
}

/** What is known of a key. `uri` is the pinned id, whatever alias was asked. */
export interface KeyDescription {
  readonly uri: string;
  /** The alias that was asked, where it was one. */
  readonly alias?: string;
  readonly state:
    | "enabled"
    | "disabled"
    | "pending-deletion"
    | "pending-import"
    | "unavailable"
    | "creating"
    | "updating";
  readonly usage: "encrypt" | "sign" | "mac" | "agree";
  /** Key spec in the custody's own words, for example `SYMMETRIC_DEFAULT`, `ML_DSA_65`. */
  readonly spec: string;
  /** AWS's words: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`; `local` for a keystore. */
  readonly origin: string;
  readonly manager: "customer" | "provider";
  readonly account?: string;
  readonly region?: string;
  readonly regions?: readonly string[];
  readonly rotation?: boolean;
  readonly developmentOnly?: boolean;
}

/** What one custody call leaves for the receipt. */
export interface CustodyCall {
  readonly operation: string;
  readonly requestId?: string;
  readonly materialId?: string;
  /** TLS group of the connection, `none` for loopback without TLS or a local keystore. */
  readonly transportGroup?: string;
}

/** A fresh secret S. The caller owns `secret`. */
export interface GeneratedSecret {
  /** How it is wrapped: with the context, unless said otherwise; default `kms-symmetric`. */
  readonly kind?: RecipientKind;
  /** 32 bytes. */
  readonly secret: KeyObject;
  readonly blob: Uint8Array;
  readonly uri: string;
  readonly call: CustodyCall;
}

/** Options of a custody call. */
export interface CustodyCallOptions {
  readonly grantTokens?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * A custodian. Every method checks that the answer names the asked key and throws CustodyError
 * (`custody-denied`, `-context`, `-key-state`, `-not-found`, `-throttled`, `-unavailable`, `-key-mismatch`, `-unsupported`), never a raw fault.
 */
export interface Custody {
  /** Scheme of its key URIs, without the colon: `local`, `aws-kms`. */
  readonly scheme: string;
  /** Resolves an alias to its pinned id. */
  describe(keyUri: string): Promise<KeyDescription>;
  /** A fresh 32-byte secret under a pinned key and a context; to a key that encapsulates, what it carries. */
  generate(keyUri: string, context: EncryptionContext, options?: CustodyCallOptions): Promise<GeneratedSecret>;
  /** The secret of a recipient; null where this custody doesn't hold that key. */
  unwrap(
    recipient: Recipient,
    context: EncryptionContext,
    options?: CustodyCallOptions,
  ): Promise<{ readonly secret: KeyObject; readonly call: CustodyCall } | null>;
  /** Moves S to another key or context without its leaving the custody; null where it can't. */
  rewrap(
    recipient: Recipient,
    from: EncryptionContext,
    to: { readonly keyUri: string; readonly context: EncryptionContext },
    options?: CustodyCallOptions,
  ): Promise<{ readonly blob: Uint8Array; readonly uri: string; readonly call: CustodyCall } | null>;
  /** Signs the message itself; raw form (r‖s with low s for ECDSA). */
  sign(
    keyUri: string,
    alg: SignatureAlg,
    message: Uint8Array,
    options?: CustodyCallOptions,
  ): Promise<{ readonly signature: Uint8Array; readonly call: CustodyCall }>;
  /** Public key in raw form (see `SignatureFacts.publicKeyBytes`) with its algorithm. */
  publicKey(keyUri: string): Promise<{ readonly uri: string; readonly alg: SignatureAlg; readonly raw: Uint8Array }>;
}
