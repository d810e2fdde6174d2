// KMS's words for keys and algorithms in ours.
import type { KeyMetadata, KeyState, KeyUsageType, SigningAlgorithmSpec } from "@aws-sdk/client-kms";
import { CustodyError } from "@writ/core";
import type { KeyDescription, SignatureAlg } from "@writ/core";
import { scheme } from "./key-uri.ts";
import type { KeyArn } from "./key-uri.ts";

/** KMS's name of each signature algorithm, and its digest where a long message may be sent as one. Spec: CUS-15. */
export const signingAlgorithms: Readonly<
  Record<SignatureAlg, { readonly name: SigningAlgorithmSpec; readonly digest?: "sha256" | "sha384" }>
> = {
  [-19]: { name: "ED25519_SHA_512" },
  [-9]: { name: "ECDSA_SHA_256", digest: "sha256" },
  [-51]: { name: "ECDSA_SHA_384", digest: "sha384" },
  [-49]: { name: "ML_DSA_SHAKE_256" },
  [-50]: { name: "ML_DSA_SHAKE_256" },
};

const states: Readonly<Record<KeyState, KeyDescription["state"]>> = {
  Enabled: "enabled",
  Disabled: "disabled",
  PendingDeletion: "pending-deletion",
  PendingReplicaDeletion: "pending-deletion",
  PendingImport: "pending-import",
  Unavailable: "unavailable",
  Creating: "creating",
  Updating: "updating",
};

const usages: Readonly<Partial<Record<KeyUsageType, KeyDescription["usage"]>>> = {
  ENCRYPT_DECRYPT: "encrypt",
  SIGN_VERIFY: "sign",
  GENERATE_VERIFY_MAC: "mac",
  KEY_AGREEMENT: "agree",
};

function regionsOf(key: KeyArn, metadata: KeyMetadata): string[] {
  const { PrimaryKey, ReplicaKeys } = metadata.MultiRegionConfiguration ?? {};
  const named = [PrimaryKey, ...(ReplicaKeys ?? [])].flatMap((each) =>
    each?.Region === undefined ? [] : [each.Region],
  );
  return named.length === 0 ? [key.region] : [...new Set(named)].sort();
}

/** DescribeKey's answer in our words; CustodyError `custody-unsupported` for a state or usage that this version doesn't know. Spec: CUS-11. */
export function descriptionOf(key: KeyArn, metadata: KeyMetadata, alias: string | undefined): KeyDescription {
  const state = metadata.KeyState === undefined ? undefined : states[metadata.KeyState];
  const usage = metadata.KeyUsage === undefined ? undefined : usages[metadata.KeyUsage];
  if (state === undefined || usage === undefined || metadata.KeySpec === undefined || metadata.Origin === undefined) {
    throw new CustodyError(
      "custody-unsupported",
      `key \`${key.arn}\` has a state, usage or type that this version does not know`,
    );
  }
  return {
    uri: `${scheme}:${key.arn}`,
    ...(alias === undefined ? {} : { alias }),
    state,
    usage,
    spec: metadata.KeySpec,
    origin: metadata.Origin,
    manager: metadata.KeyManager === "AWS" ? "provider" : "customer",
    account: key.account,
    region: key.region,
    regions: regionsOf(key, metadata),
  };
}
