// Key URIs: `aws-kms:` and a key ARN, an alias name or an alias ARN. Only the ARN of a key pins it.
import { CustodyError } from "@writ/core";

/** Scheme of the key URIs, without the colon. */
export const scheme = "aws-kms";

/** An ARN of a key, taken apart. */
export interface KeyArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly keyId: string;
  /** True for a multi-Region key: its replicas share account and key id. */
  readonly multiRegion: boolean;
}

/** An alias: a pointer, not an identity. `region` and `account` only where it was given as an ARN. */
export interface KeyAlias {
  readonly alias: string;
  readonly region?: string;
  readonly account?: string;
}

const keyForm = /^arn:(aws[a-z-]*):kms:([a-z0-9-]{1,32}):(\d{12}):key\/([A-Za-z0-9-]{1,128})$/;
const aliasForm = /^(?:arn:aws[a-z-]*:kms:([a-z0-9-]{1,32}):(\d{12}):)?alias\/[A-Za-z0-9/_-]{1,250}$/;

/** True for a URI of this custody. */
export function isOurs(uri: string): boolean {
  return uri.startsWith(`${scheme}:`);
}

/** An ARN of a key; null for anything else. */
export function parseKeyArn(arn: string): KeyArn | null {
  const match = keyForm.exec(arn);
  if (match === null) return null;
  const [, partition, region, account, keyId] = match as unknown as readonly [string, string, string, string, string];
  return { arn, partition, region, account, keyId, multiRegion: keyId.startsWith("mrk-") };
}

/** What a URI names; TypeError for another scheme, CustodyError `custody-not-found` where it names nothing. */
export function parseUri(uri: string): KeyArn | KeyAlias {
  if (!isOurs(uri)) throw new TypeError(`\`${uri}\` is no key of AWS KMS`);
  const name = uri.slice(scheme.length + 1);
  const key = parseKeyArn(name);
  if (key !== null) return key;
  const alias = aliasForm.exec(name);
  if (alias === null) throw new CustodyError("custody-not-found", `\`${uri}\` is neither a key ARN nor an alias`);
  return { alias: name, ...(alias[1] === undefined ? {} : { region: alias[1], account: alias[2]! }) };
}

/** The pinned key of a URI; an alias is CustodyError `custody-key-mismatch`. Spec: CUS-2. */
export function pinnedKey(uri: string): KeyArn {
  const key = parseUri(uri);
  if ("alias" in key)
    throw new CustodyError("custody-key-mismatch", `\`${uri}\` is an alias and pins no key: describe gives the ARN`);
  return key;
}

/** True where the two ARNs name one key: the same ARN, or replicas of one multi-Region key. Spec: CUS-3. */
export function sameKey(a: KeyArn, b: KeyArn): boolean {
  if (a.arn === b.arn) return true;
  return a.multiRegion && a.keyId === b.keyId && a.account === b.account && a.partition === b.partition;
}

/** The replica of a multi-Region key in `region`; any other key stays where it is. Spec: CUS-16. */
export function inRegion(key: KeyArn, region: string | undefined): KeyArn {
  if (!key.multiRegion || region === undefined || region === key.region) return key;
  return { ...key, region, arn: `arn:${key.partition}:kms:${region}:${key.account}:key/${key.keyId}` };
}
