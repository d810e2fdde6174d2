export { CustodyError, FormatError, GovernanceError, PolicyError, VerificationError } from "./errors.ts";
export type { CustodyCode, ErrorCode, FormatCode, PolicyCode, VerificationCode } from "./errors.ts";
export { suites, signatureAlgs } from "./suites.ts";
export type { Era, HashAlg, SignatureAlg, SuiteName } from "./suites.ts";
export type { Digest } from "./shape.ts";
export { nameOf } from "./artifact.ts";
export { decodeCbor, encodeCbor } from "./cbor.ts";
export type { CborMap, CborValue, DecodeLimits } from "./cbor.ts";
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
export { cryptoBackend, parseSpki, rawSignature } from "./crypto.ts";
export type { KeyObject } from "./crypto.ts";
