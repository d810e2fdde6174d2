import type { Operation } from "../call.ts";
import { KmsFault, unsupported } from "../fault.ts";
import { aliasOperations } from "./aliases.ts";
import { dataOperations } from "./data.ts";
import { dataKeyPairOperations } from "./data-key-pairs.ts";
import { grantOperations } from "./grants.ts";
import { importOperations } from "./imports.ts";
import { keyPolicyOperations } from "./key-policies.ts";
import { keyOperations } from "./keys.ts";
import { multiRegionOperations } from "./multi-region.ts";
import { rotationOperations } from "./rotation.ts";
import { sharedSecretOperations } from "./shared-secrets.ts";
import { signingOperations } from "./signing.ts";
import { tagOperations } from "./tags.ts";

const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ...keyOperations,
    ...dataOperations,
    ...dataKeyPairOperations,
    ...sharedSecretOperations,
    ...importOperations,
    ...multiRegionOperations,
    ...signingOperations,
    ...aliasOperations,
    ...tagOperations,
    ...keyPolicyOperations,
    ...rotationOperations,
    ...grantOperations,
  }),
);

// Operations that AWS KMS has and this server has not. Source: AWS KMS API Reference, Actions.
const missing = new Set([
  "ConnectCustomKeyStore",
  "CreateCustomKeyStore",
  "DeleteCustomKeyStore",
  "DescribeCustomKeyStores",
  "DisconnectCustomKeyStore",
  "GetKeyLastUsage",
  "UpdateCustomKeyStore",
]);

const targetPrefix = "TrentService.";

/** The operation that the header X-Amz-Target names; throws when there is none here. */
export function findOperation(target: string | undefined): { readonly name: string; readonly operation: Operation } {
  const name = target?.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
  const operation = operations.get(name);
  if (operation) return { name, operation };
  if (missing.has(name)) throw unsupported(`${name} is not supported by this server`);
  throw new KmsFault("UnknownOperationException");
}
