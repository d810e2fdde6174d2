// AWS KMS as a custodian. The key id is pinned on every call and checked in every answer.
import { createHash, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { KMSClient, KMSClientConfig } from "@aws-sdk/client-kms";
import { CustodyError, GovernanceError, parseSpki, rawSignature, signatureAlgs } from "@writ/core";
import type {
  Custody,
  CustodyCall,
  CustodyCallOptions,
  EncryptionContext,
  GeneratedSecret,
  KeyDescription,
  Recipient,
  SignatureAlg,
} from "@writ/core";
import { KmsCaller } from "./kms-call.ts";
import { descriptionOf, signingAlgorithms } from "./key-facts.ts";
import { inRegion, isOurs, parseKeyArn, parseUri, pinnedKey, sameKey, scheme } from "./key-uri.ts";
import type { KeyArn } from "./key-uri.ts";

/** How KMS is reached; the SDK's environment variables and profiles fill what is left out. */
export interface AwsCustodyOptions {
  /** A client of the caller's own, used for every call; then no other option is taken. */
  readonly client?: KMSClient;
  /** Region for aliases and for replicas of multi-Region keys; single-Region keys are asked in the Region of their ARN. */
  readonly region?: string;
  /** URL of KMS, for example of a local server. */
  readonly endpoint?: string;
  readonly credentials?: NonNullable<KMSClientConfig["credentials"]>;
  /** Most milliseconds for one attempt; default 10,000. */
  readonly timeoutMs?: number;
  /** Most attempts of one call, by the SDK's standard retries; default 3. */
  readonly maxAttempts?: number;
}

const optionNames: readonly string[] = ["client", "region", "endpoint", "credentials", "timeoutMs", "maxAttempts"];
const symmetric = "SYMMETRIC_DEFAULT";
const maxBlobBytes = 6144; // CiphertextBlob of Decrypt and ReEncrypt
const maxMessageBytes = 4096; // Message of Sign

function checkOptions(options: AwsCustodyOptions): void {
  const names = Object.keys(options);
  const unknown = names.find((name) => !optionNames.includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  if (options.client !== undefined && names.length > 1)
    throw new TypeError("a custody with a `client` takes no other option");
  for (const name of ["timeoutMs", "maxAttempts"] as const) {
    const value = options[name];
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw new RangeError(`\`${name}\` is a whole number from 1`);
  }
}

function incomplete(operation: string, key: KeyArn): CustodyError {
  return new CustodyError(
    "custody-unavailable",
    `kms:${operation} on \`${key.arn}\` failed: the answer is not that of KMS`,
    { retryable: true },
  );
}

/** The answered key, which must be the asked one. Spec: CUS-3. */
function answeredKey(operation: string, asked: KeyArn, answered: string | undefined): KeyArn {
  const key = answered === undefined ? null : parseKeyArn(answered);
  if (key === null || !sameKey(asked, key)) {
    throw new CustodyError(
      "custody-key-mismatch",
      `kms:${operation} was asked of \`${asked.arn}\` and answered by another key`,
    );
  }
  return key;
}

/** Moves 32 bytes of plaintext into a KeyObject and zeroes them. Spec: CUS-12. */
function secretOf(plaintext: Uint8Array): KeyObject | null {
  try {
    return plaintext.length === 32 ? createSecretKey(plaintext) : null;
  } finally {
    plaintext.fill(0);
  }
}

function contextOf(context: EncryptionContext): Record<string, string> {
  return Object.fromEntries(context);
}

function tokensOf(options: CustodyCallOptions | undefined): { GrantTokens?: string[] } {
  return options?.grantTokens === undefined ? {} : { GrantTokens: [...options.grantTokens] };
}

function withMaterial(call: CustodyCall, materialId: string | undefined): CustodyCall {
  return materialId === undefined ? call : { ...call, materialId };
}

function checkBlob({ custodyUri, blob }: Recipient): void {
  if (blob.length >= 1 && blob.length <= maxBlobBytes) return;
  throw new CustodyError("custody-context", `the wrap of \`${custodyUri}\` is no ciphertext of KMS`);
}

class AwsCustody implements Custody {
  readonly scheme: string = scheme;
  readonly #kms: KmsCaller;

  constructor(kms: KmsCaller) {
    this.#kms = kms;
  }

  async #pinned(uri: string): Promise<KeyArn> {
    return inRegion(pinnedKey(uri), await this.#kms.homeRegion());
  }

  /** Spec: CUS-2, CUS-11. */
  async describe(keyUri: string): Promise<KeyDescription> {
    const asked = parseUri(keyUri);
    const key = "alias" in asked ? asked : inRegion(asked, await this.#kms.homeRegion());
    const name = "alias" in key ? key.alias : key.arn;
    const { answer } = await this.#kms.ask({
      operation: "DescribeKey",
      key: name,
      region: key.region,
      command: (sdk) => new sdk.DescribeKeyCommand({ KeyId: name }),
    });
    const metadata = answer.KeyMetadata;
    const found = parseKeyArn(metadata?.Arn ?? "");
    const fits =
      found !== null &&
      ("alias" in key
        ? key.account === undefined || (key.account === found.account && key.region === found.region)
        : sameKey(key, found));
    if (!fits || metadata === undefined)
      throw new CustodyError(
        "custody-key-mismatch",
        `kms:DescribeKey was asked of \`${name}\` and answered by another key`,
      );
    return descriptionOf(found, metadata, "alias" in key ? key.alias : undefined);
  }

  /** Spec: CUS-4, CUS-13. */
  async generate(keyUri: string, context: EncryptionContext, options?: CustodyCallOptions): Promise<GeneratedSecret> {
    const key = await this.#pinned(keyUri);
    const { answer, call } = await this.#kms.ask({
      operation: "GenerateDataKey",
      key: key.arn,
      region: key.region,
      command: (sdk) =>
        new sdk.GenerateDataKeyCommand({
          KeyId: key.arn,
          NumberOfBytes: 32,
          EncryptionContext: contextOf(context),
          ...tokensOf(options),
        }),
      options,
    });
    const secret = answer.Plaintext === undefined ? null : secretOf(answer.Plaintext);
    const { arn } = answeredKey("GenerateDataKey", key, answer.KeyId);
    if (secret === null || answer.CiphertextBlob === undefined) throw incomplete("GenerateDataKey", key);
    return {
      secret,
      blob: answer.CiphertextBlob,
      uri: `${scheme}:${arn}`,
      call: withMaterial(call, answer.KeyMaterialId),
    };
  }

  /** Spec: CUS-5, CUS-13. */
  async unwrap(
    recipient: Recipient,
    context: EncryptionContext,
    options?: CustodyCallOptions,
  ): Promise<{ readonly secret: KeyObject; readonly call: CustodyCall } | null> {
    if (!isOurs(recipient.custodyUri)) return null;
    const key = await this.#pinned(recipient.custodyUri);
    if (recipient.kind !== "kms-symmetric")
      throw new CustodyError(
        "custody-unsupported",
        `\`${recipient.custodyUri}\` opens no wrap of kind \`${recipient.kind}\` here`,
      );
    checkBlob(recipient);
    const { answer, call } = await this.#kms.ask({
      operation: "Decrypt",
      key: key.arn,
      region: key.region,
      command: (sdk) =>
        new sdk.DecryptCommand({
          KeyId: key.arn,
          CiphertextBlob: recipient.blob,
          EncryptionContext: contextOf(context),
          EncryptionAlgorithm: symmetric,
          ...tokensOf(options),
        }),
      options,
    });
    const secret = answer.Plaintext === undefined ? null : secretOf(answer.Plaintext);
    answeredKey("Decrypt", key, answer.KeyId);
    if (secret === null) throw incomplete("Decrypt", key);
    return { secret, call: withMaterial(call, answer.KeyMaterialId) };
  }

  /** Spec: CUS-6, CUS-13, CUS-17. */
  async rewrap(
    recipient: Recipient,
    from: EncryptionContext,
    to: { readonly keyUri: string; readonly context: EncryptionContext },
    options?: CustodyCallOptions,
  ): Promise<{ readonly blob: Uint8Array; readonly uri: string; readonly call: CustodyCall } | null> {
    if (!isOurs(recipient.custodyUri) || !isOurs(to.keyUri) || recipient.kind !== "kms-symmetric") return null;
    const source = await this.#pinned(recipient.custodyUri);
    const target = await this.#pinned(to.keyUri);
    if (source.region !== target.region) return null; // CUS-17: one call reaches one Region
    checkBlob(recipient);
    const { answer, call } = await this.#kms.ask({
      operation: "ReEncrypt",
      key: source.arn,
      region: source.region,
      command: (sdk) =>
        new sdk.ReEncryptCommand({
          CiphertextBlob: recipient.blob,
          SourceKeyId: source.arn,
          SourceEncryptionContext: contextOf(from),
          SourceEncryptionAlgorithm: symmetric,
          DestinationKeyId: target.arn,
          DestinationEncryptionContext: contextOf(to.context),
          DestinationEncryptionAlgorithm: symmetric,
          ...tokensOf(options),
        }),
      options,
    });
    answeredKey("ReEncrypt", source, answer.SourceKeyId);
    const { arn } = answeredKey("ReEncrypt", target, answer.KeyId);
    if (answer.CiphertextBlob === undefined) throw incomplete("ReEncrypt", target);
    return {
      blob: answer.CiphertextBlob,
      uri: `${scheme}:${arn}`,
      call: withMaterial(call, answer.DestinationKeyMaterialId),
    };
  }

  /** Spec: CUS-7, CUS-15. */
  async sign(
    keyUri: string,
    alg: SignatureAlg,
    message: Uint8Array,
    options?: CustodyCallOptions,
  ): Promise<{ readonly signature: Uint8Array; readonly call: CustodyCall }> {
    const key = await this.#pinned(keyUri);
    const { name, digest } = signingAlgorithms[alg];
    const long = message.length > maxMessageBytes;
    if (message.length === 0 || (long && digest === undefined)) {
      throw new CustodyError(
        "custody-unsupported",
        `kms:Sign takes messages of 1 to ${maxMessageBytes} bytes, not ${message.length}`,
      );
    }
    const asked = long
      ? { MessageType: "DIGEST" as const, Message: createHash(digest!).update(message).digest() }
      : { MessageType: "RAW" as const, Message: message };
    const { answer, call } = await this.#kms.ask({
      operation: "Sign",
      key: key.arn,
      region: key.region,
      command: (sdk) => new sdk.SignCommand({ KeyId: key.arn, SigningAlgorithm: name, ...asked, ...tokensOf(options) }),
      options,
    });
    answeredKey("Sign", key, answer.KeyId);
    if (answer.Signature === undefined || answer.SigningAlgorithm !== name) throw incomplete("Sign", key);
    const { curve, signatureBytes } = signatureAlgs[alg];
    if (curve === undefined && answer.Signature.length !== signatureBytes)
      throw new CustodyError("custody-unsupported", `key \`${key.arn}\` signs by another algorithm than was asked`); // ML-DSA-65 and -87 have one name
    try {
      return { signature: rawSignature(alg, answer.Signature), call };
    } catch (fault) {
      if (fault instanceof GovernanceError) throw incomplete("Sign", key);
      throw fault;
    }
  }

  /** An alias is resolved on the way. Spec: CUS-8. */
  async publicKey(
    keyUri: string,
  ): Promise<{ readonly uri: string; readonly alg: SignatureAlg; readonly raw: Uint8Array }> {
    const asked = parseUri(keyUri);
    const key = "alias" in asked ? await this.#pinned((await this.describe(keyUri)).uri) : await this.#pinned(keyUri);
    const { answer } = await this.#kms.ask({
      operation: "GetPublicKey",
      key: key.arn,
      region: key.region,
      command: (sdk) => new sdk.GetPublicKeyCommand({ KeyId: key.arn }),
    });
    const { arn } = answeredKey("GetPublicKey", key, answer.KeyId);
    if (answer.PublicKey === undefined) throw incomplete("GetPublicKey", key);
    const parsed = parseSpki(answer.PublicKey);
    if (parsed === null || answer.KeyUsage !== "SIGN_VERIFY")
      throw new CustodyError(
        "custody-unsupported",
        `key \`${arn}\` is of type ${answer.KeySpec ?? "unknown"}, which signs nothing here`,
      );
    return { uri: `${scheme}:${arn}`, ...parsed };
  }
}

/**
 * AWS KMS as a custody: key URIs `aws-kms:ARN`, and `aws-kms:alias/…` for `describe` and `publicKey`. The SDK is loaded at the
 * first call. Throws TypeError and RangeError for wrong options. Spec: CUS-1 to CUS-18.
 */
export function awsCustody(options: AwsCustodyOptions = {}): Custody {
  checkOptions(options);
  return new AwsCustody(
    new KmsCaller({ ...options, timeoutMs: options.timeoutMs ?? 10_000, maxAttempts: options.maxAttempts ?? 3 }),
  );
}
