// Faults of the SDK, of KMS and of the network as CustodyErrors. Nothing of the fault goes on but its name and request id.
import { CustodyError } from "@writ/core";
import type { CustodyCode } from "@writ/core";

/** What was asked when a call failed. */
export interface Asked {
  /** The KMS operation, for example `Decrypt`. */
  readonly operation: string;
  /** ARN or alias of the key. */
  readonly key: string;
  readonly grantTokens: boolean;
}

interface Row {
  readonly code: CustodyCode;
  /** Which of policy, key policy, grant, state or network failed, as the end of a sentence. */
  readonly why: string;
  readonly retryable?: true;
}

const wrongContext: Row = {
  code: "custody-context",
  why: "the wrap does not open under this key and encryption context",
};
const state: Row = { code: "custody-key-state", why: "the key's state does not allow it" };
const missing: Row = { code: "custody-not-found", why: "there is no such key or alias in this account and Region" };
const throttled: Row = { code: "custody-throttled", why: "KMS throttles the account's requests", retryable: true };
const internal: Row = { code: "custody-unavailable", why: "KMS failed inside", retryable: true };
const store: Row = {
  code: "custody-unavailable",
  why: "the custom key store behind the key does not answer",
  retryable: true,
};
const network: Row = {
  code: "custody-unavailable",
  why: "the network or the endpoint does not answer",
  retryable: true,
};
const tls: Row = { code: "custody-unavailable", why: "the network's TLS certificate is not trusted" };
const grant: Row = { code: "custody-denied", why: "a grant token is not valid" };
const credentials: Row = { code: "custody-denied", why: "the credentials are missing, expired or not accepted" };
const clock: Row = {
  code: "custody-denied",
  why: "the clock of this machine is too far from that of AWS for its signatures",
};
const usage: Row = { code: "custody-unsupported", why: "the key's type or usage does not fit" };
const request: Row = { code: "custody-unsupported", why: "KMS does not accept the request" };

function rowsOf(row: Row, ...names: readonly string[]): readonly (readonly [string, Row])[] {
  return names.map((name) => [name, row] as const);
}

/** Rows by the name that KMS, its front end or the SDK gives a fault. Spec: CUS-14. */
const byName: ReadonlyMap<string, Row> = new Map([
  ...rowsOf(wrongContext, "InvalidCiphertextException"),
  ...rowsOf({ code: "custody-key-mismatch", why: "the wrap is not of this key" }, "IncorrectKeyException"),
  ...rowsOf(
    { code: "custody-key-state", why: "the key's state does not allow it: it is disabled" },
    "DisabledException",
  ),
  ...rowsOf(state, "KMSInvalidStateException"),
  ...rowsOf(missing, "NotFoundException", "InvalidArnException", "InvalidAliasNameException"),
  ...rowsOf(
    throttled,
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
  ),
  ...rowsOf({ code: "custody-throttled", why: "a quota of the account or key is used up" }, "LimitExceededException"),
  ...rowsOf(
    internal,
    "KMSInternalException",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
  ),
  ...rowsOf(
    { code: "custody-unavailable", why: "KMS can't use the key's material at the moment", retryable: true },
    "KeyUnavailableException",
  ),
  ...rowsOf(
    { code: "custody-unavailable", why: "KMS timed out inside", retryable: true },
    "DependencyTimeoutException",
  ),
  ...rowsOf(
    store,
    "CustomKeyStoreInvalidStateException",
    "CloudHsmClusterNotActiveException",
    "CloudHsmClusterInvalidConfigurationException",
    "XksProxyUriUnreachableException",
    "XksProxyInvalidResponseException",
  ),
  ...rowsOf(network, "TimeoutError", "RequestTimeout", "RequestTimeoutException"),
  ...rowsOf(grant, "InvalidGrantTokenException", "InvalidGrantIdException"),
  ...rowsOf(
    credentials,
    "CredentialsProviderError",
    "TokenProviderError",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "InvalidAccessKeyId",
    "OptInRequired",
  ),
  ...rowsOf(clock, "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"),
  ...rowsOf(usage, "InvalidKeyUsageException", "UnsupportedOperationException"),
  ...rowsOf(
    request,
    "ValidationException",
    "ValidationError",
    "SerializationException",
    "InvalidParameterValueException",
    "UnknownOperationException",
  ),
]);

/** Codes of node's sockets and names. */
const byCode: ReadonlyMap<string, Row> = new Map([
  ...rowsOf(
    network,
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
  ),
  ...rowsOf(
    tls,
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ),
]);

/** What AWS's sentence says of the policy that refused; the sentence itself names principals and is not passed on. */
const policies: readonly (readonly [RegExp, string])[] = [
  [/explicit deny in a resource-based policy/i, "the key policy denies it"],
  [/no resource-based policy allows/i, "no key policy and no grant allows it"],
  [/explicit deny in an identity-based policy/i, "an IAM policy of the caller denies it"],
  [/no identity-based policy allows/i, "no IAM policy of the caller, key policy or grant allows it"],
  [/service control policy/i, "a service control policy of the organization does not allow it"],
  [/resource control policy/i, "a resource control policy of the organization does not allow it"],
  [/permissions boundary/i, "the permissions boundary policy of the caller does not allow it"],
  [/session policy/i, "the session policy of the caller does not allow it"],
  [/VPC endpoint policy/i, "the VPC endpoint policy does not allow it"],
];

function denied(message: string, grantTokens: boolean): Row {
  const known = policies.find(([pattern]) => pattern.test(message))?.[1];
  const why = known ?? "no policy of the caller, key policy or grant allows it, or the key is not there";
  return { code: "custody-denied", why: grantTokens ? `${why}, the given grant tokens included` : why };
}

const states: readonly (readonly [RegExp, string])[] = [
  [/pending deletion/i, "it waits for its deletion"],
  [/pending replica deletion/i, "it waits for its deletion"],
  [/pending import/i, "it waits for its key material"],
  [/unavailable/i, "its key store is disconnected"],
  [/creating/i, "it is being made"],
  [/updating/i, "it is being changed"],
];

interface FaultFacts {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly status: number;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textMember(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === "string" ? found : "";
}

function factsOf(fault: unknown): FaultFacts {
  const metadata = member(fault, "$metadata");
  const status = member(metadata, "httpStatusCode");
  const requestId = textMember(metadata, "requestId");
  const inner = member(fault, "errors");
  const code =
    textMember(fault, "code") || textMember(Array.isArray(inner) ? inner[0] : member(fault, "cause"), "code");
  return {
    name: textMember(fault, "name"),
    message: textMember(fault, "message"),
    code,
    requestId: requestId || undefined,
    status: typeof status === "number" ? status : 0,
  };
}

function rowOfStatus(status: number): Row | undefined {
  if (status === 429) return throttled;
  if (status >= 500) return internal;
  if (status === 401 || status === 403)
    return { code: "custody-denied", why: "no policy of the caller, key policy or grant allows it" };
  return status >= 400 ? request : undefined;
}

function rowOf(facts: FaultFacts, asked: Asked): Row {
  const { name, message, code, status } = facts;
  if (name === "AccessDeniedException" || name === "AccessDenied") return denied(message, asked.grantTokens);
  if (name === "AbortError") return { code: "custody-unavailable", why: "the caller broke it off" };
  if (name === "KMSInvalidStateException") {
    const known = states.find(([pattern]) => pattern.test(message))?.[1];
    return known === undefined ? state : { ...state, why: `${state.why}: ${known}` };
  }
  const row = byName.get(name) ?? byCode.get(code) ?? rowOfStatus(status);
  if (row !== undefined) return row;
  if (/region is missing/i.test(message)) return { code: "custody-unavailable", why: "no AWS Region is configured" };
  if (status >= 200)
    return { code: "custody-unavailable", why: "the endpoint's answer is not that of KMS", retryable: true };
  return { code: "custody-unavailable", why: "the call failed before KMS answered" };
}

/** The CustodyError for whatever a KMS call threw. Spec: CUS-9, CUS-10, CUS-14. */
export function custodyError(fault: unknown, asked: Asked): CustodyError {
  if (fault instanceof CustodyError) return fault;
  const facts = factsOf(fault);
  const { code, why, retryable } = rowOf(facts, asked);
  // CUS-9: the fault itself holds the request with its credentials' signature, so only two of its facts go on
  const cause = {
    name: facts.name || "unknown",
    ...(facts.requestId === undefined ? {} : { requestId: facts.requestId }),
  };
  return new CustodyError(code, `kms:${asked.operation} on \`${asked.key}\` failed: ${why}`, {
    cause,
    retryable: retryable ?? false,
  });
}
