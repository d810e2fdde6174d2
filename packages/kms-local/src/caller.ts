import type { IncomingHttpHeaders } from "node:http";
import { KmsFault } from "./fault.ts";
import { parsePolicy, type Policy, rootOf } from "./policy.ts";

/** Who an access key id stands for. */
export interface Principal {
  /** 12 digits. */
  readonly accountId: string;
  /** ARN of an account root, an IAM user or role, or an assumed-role session. */
  readonly arn: string;
  /**
   * IAM policy documents attached to this principal, as JSON text. Left out, IAM allows it
   * `kms:*` on everything, and the key policies decide alone.
   */
  readonly identityPolicies?: readonly string[];
  /** The service that calls on the principal's behalf, as in `s3.us-east-1.amazonaws.com`. */
  readonly viaService?: string;
}

/** The principal behind a request, and the Region it was signed for. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly accessKeyId: string;
  readonly region: string;
  readonly identityPolicies?: readonly Policy[];
  readonly viaService?: string;
}

/** Access key ids and their principals, with the policies read. */
export type Principals = ReadonlyMap<string, Omit<Caller, "accessKeyId" | "region">>;

const devAccount = "111122223333";

/** Reads the option `principals`; throws TypeError for what is no principal. */
export function readPrincipals(given: Readonly<Record<string, Principal>>): Principals {
  return new Map(Object.entries(given).map(([accessKeyId, principal]) => [accessKeyId, readPrincipal(principal)]));
}

function readPrincipal(principal: Principal): Omit<Caller, "accessKeyId" | "region"> {
  const { accountId, arn, identityPolicies, viaService, ...rest } = principal;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new TypeError(`a principal has no member \`${unknown}\``);
  if (!/^\d{12}$/.test(accountId) || !arn.startsWith("arn:aws:") || arn.split(":")[4] !== accountId) {
    throw new TypeError(`\`${arn}\` is no principal of account \`${accountId}\``);
  }
  return {
    accountId,
    arn,
    ...(viaService !== undefined && { viaService }),
    ...(identityPolicies && { identityPolicies: identityPolicies.map(readIdentityPolicy) }),
  };
}

function readIdentityPolicy(text: string): Policy {
  try {
    return parsePolicy(text, "identity");
  } catch (cause) {
    throw new TypeError("an identity policy is malformed", { cause });
  }
}

/**
 * Reads who calls from the SigV4 Authorization header. The signature is not checked: this server
 * tells principals apart, it doesn't keep them out. Without `principals`, every access key id is
 * the root user of account 111122223333.
 */
export function readCaller(headers: IncomingHttpHeaders, principals: Principals | null, onlyRegion?: string): Caller {
  const header = headers.authorization;
  if (header === undefined) throw new KmsFault("MissingAuthenticationTokenException", "Missing Authentication Token");
  const scope = /^AWS4-HMAC-SHA256 Credential=([\w/+=.-]{1,256})(?:,|$)/.exec(header)?.[1]?.split("/") ?? [];
  const [accessKeyId = "", , region = "", service, terminator] = scope;
  if (accessKeyId === "" || scope.length !== 5 || terminator !== "aws4_request") {
    throw new KmsFault("IncompleteSignatureException", "Authorization header has no SigV4 credential scope");
  }
  if (service !== "kms")
    throw new KmsFault("InvalidSignatureException", "Credential should be scoped to correct service: 'kms'.");
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region) || (onlyRegion !== undefined && region !== onlyRegion)) {
    throw new KmsFault("InvalidSignatureException", "Credential should be scoped to a valid region.");
  }
  const principal = principals ? principals.get(accessKeyId) : { accountId: devAccount, arn: rootOf(devAccount) };
  if (!principal) {
    throw new KmsFault("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  return { ...principal, accessKeyId, region };
}
