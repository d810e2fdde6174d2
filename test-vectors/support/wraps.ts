// Wraps of the kinds whose custody doesn't carry the context, by private keys from labels: the same bytes each time.
import { constants, publicEncrypt } from "node:crypto";
import type { CustodyRule } from "../../packages/core/src/artifact.ts";
import { contextDigest, encryptionContext } from "../../packages/core/src/context.ts";
import { aesKwWrap, agreementPublicKey, createSecretKey, hkdfSha384, sha256 } from "../../packages/core/src/crypto.ts";
import { nobleEncapsulate } from "../../packages/core/src/crypto-noble.ts";
import type { Recipient, RecipientKind } from "../../packages/core/src/custody.ts";
import { decapsulate, kemPublicKey } from "../../packages/core/src/kem.ts";
import { kems } from "../../packages/core/src/suites.ts";
import type { KemKind } from "../../packages/core/src/suites.ts";
import { dataKeyOf, idOf, policy, usualKey, wrapInfo } from "./draft.ts";
import type { PolicyFixture, Wrap } from "./draft.ts";
import { bytesOf } from "./material.ts";

/** A 2048-bit RSA key, PKCS #8 in base64: secret to nobody. */
const rsaKey = [
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDVMR4p1uOtJ+XFRn2dV7RuPkmFDe39EoDC9rMY/Sq+l9Jct26e",
  "3qPxp6eRZt6yMyzg3YUbl4lIoxhKktiwkONMs9x4lG4ZPheSim/ndmKuJzgz/ZgdjGLulXg3kw5kmWqSnGjnimXSDls5g/cKFhSi",
  "+tf+p+N95f6gc1NBMz7eE0RMlsP1xXz8dapCi0DyX6J5YXBpnwZMV76tbLCwKZ5e5dKJiygMsdPWLhhIqJIf0lBZNbQ2FCfSfe2R",
  "J9/094Uk9nDRZN2trAHiW6y9xR34nAu1D5x0+KtT8gyJOSId71QMq7FV9SUreVF0hWyY8WuiOo6CQWSwd5rgAMZmWtV/AgMBAAEC",
  "ggEANKgEFjtwUqVnGBm4DvPJqe0ShZ2SKY63ZPA//i0RsK+ZErNvzCebgKVzOvOYj5UaQZQVO2JrUxiNeGXaxYmTyq8mBlZK90sh",
  "0V0GFLpl1zPyqsy5FJtHGDysy7Uzud82tm2Rb5b8XSyUlZklnEUl5bdlQA3Bn6f+Ay1Y4+K/ZWQTXY+6cXO+vXFikjOw+Zz/mbmw",
  "bF10IH81uz8dgqzXTvKMqu9fP4zxDZqwWJHhVGk4uFgErmJ0fIhbV39r3rP7K0gFCPwELZOqR4hJeEOiKRwdhijj1a96+iJyMm39",
  "5ZxtBrT8dt3o8vV2sjKAPUoM+E4gNkJ8iPYkmt01Yeg2iQKBgQDy6HtYwTe49o/KnoOVzYwLClqRjR+O21CtaKfFSIm9V/ROvU2+",
  "bRbwCQAnxlAttO0xDxM7g2g8zeG2mpkklFYCfsEt+XZt08QpXajHl2MxztloB9n/+EBsP/Nxm5kECCTU9HNp5zx1WpM5HXeYWJ7G",
  "LgMn5pxos6FFRkr84PLmnQKBgQDgrqBsmBtzYOmG1E86tYUU6mFo9Vx90Nipg5LaQ7PmuVMp6Z+zbxzdd3867mQQwDF5ynJ638In",
  "/FNXJjZd6GwWuPIvGykr/qmdil4UEJZsEHu634LKErzCUYJC2wYatPs2gDxncdjPbr5PQXKIe/D/2QlazcR5viKeJPs6SAijywKB",
  "gGPKtsHjvyyxvqkTLiPg6eOvQT4CqDBcUWysTiByiIPNGoUuqD3PO1kpmXK9ujrM1ZUOCGyus6gnPM9z++5XMm6b/GkSz2CXW0NT",
  "Qv+cZhgUTqS6dQj/yBewviayMc7COb9zHecoJGJh75HLVVK1NaVdSdaemys4gMyg8DWrhJ7RAoGBAM3pfIDJji7ZnGvC27G0dfjL",
  "LObiJxfvdQE14jpCXfeP1NXOlFv/8vZM879whyiK200A6pYNx4SZzU9LZ/v8bEMO0HW3cK4vQAdvrfS5lwIGwT5sZRMIxRFZXgYj",
  "cJ69SpWSRMmRHuBMYAGGu461+BKiN96OQghI5rUEs3GgXrqtAoGAfaZTY4bC/kVZXHO7KQg+NafA6z3RIizr3EGHoDqnxT6c9dc/",
  "z+Lbk+Dbo9P7f4r9eE4wGgFh0Pl9KxEEO0Go5M0TO/IPY1QSEh8oovKdcMyVdHrPjnbLdcdgJtZmaqWITPdugWBmrb12SlJeHaGn",
  "pxAu61tWSTK1wwfDu9io/d8=",
].join("");

/** How a blob comes about: its secret, itself, and what gives the secret from it. */
interface Blob {
  readonly secret: Uint8Array;
  readonly blob: Uint8Array;
  readonly key: Uint8Array;
}

/** An ML-KEM or X-Wing ciphertext whose randomness follows from a label. */
function encapsulated(label: string, kind: KemKind): Blob {
  const key = bytesOf(`${label} ${kind} seed`, kems[kind].seedBytes);
  const lattice = kind === "x-wing" ? "ml-kem-768" : kind;
  const publicKey = kemPublicKey(kind, key).subarray(0, kems[lattice].publicKeyBytes);
  const first = nobleEncapsulate(lattice, publicKey, bytesOf(`${label} ${kind} m`, 32)).ciphertext;
  const point =
    kind === "x-wing" ? agreementPublicKey("x25519", bytesOf(`${label} ${kind} scalar`, 32)) : new Uint8Array();
  const blob = Buffer.concat([first, point]);
  return { key, blob, secret: decapsulate(kind, key, blob)! };
}

/** MGF1 with SHA-256. Source: RFC 8017 B.2.1. */
function mask(seed: Uint8Array, sizeBytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, count) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    return sha256(Buffer.concat([seed, counter]));
  });
  return Buffer.concat(blocks).subarray(0, sizeBytes);
}

const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, index) => byte ^ b[index]!));

/** RSAES-OAEP whose seed follows from a label. Source: RFC 8017 7.1.1. */
function rsaWrapped(label: string): Blob {
  const key = Buffer.from(rsaKey, "base64");
  const secret = bytesOf(`${label} rsa secret`, 32);
  const seed = bytesOf(`${label} rsa seed`, 32);
  const block = Buffer.concat([sha256(new Uint8Array()), Buffer.alloc(256 - 2 - 64 - 32), Buffer.of(1), secret]);
  const masked = xor(block, mask(seed, block.length));
  const encoded = Buffer.concat([Buffer.of(0), xor(seed, mask(masked, 32)), masked]);
  const publicKey = { key, format: "der", type: "pkcs8", padding: constants.RSA_NO_PADDING } as const;
  return { key, secret, blob: publicEncrypt(publicKey, encoded) };
}

function keyWrapped(label: string): Blob {
  const key = bytesOf(`${label} wrapping key`, 32);
  const secret = bytesOf(`${label} wrapped secret`, 32);
  return { key, secret, blob: aesKwWrap(createSecretKey(key), secret) };
}

/** What a case says about a wrap. */
export interface WrapOptions {
  /** Artifact that it is for; default `a`. */
  readonly label?: string;
  readonly custodyUri?: string;
  readonly kem?: KemKind;
  readonly policies?: readonly PolicyFixture[];
  readonly pairs?: CustodyRule["contextPairs"];
  readonly required?: ReadonlyMap<string, string>;
  readonly batchId?: string;
  /** Members that the data key isn't wrapped with. */
  readonly change?: Partial<Recipient>;
}

/** The context digest of an artifact with these policies and pairs. */
async function boundOf(options: WrapOptions): Promise<Uint8Array> {
  const { label = "a", pairs = new Map([["tenant", "blue"]]), required, batchId } = options;
  const policies = options.policies ?? [await policy()];
  const context = encryptionContext({
    artifactId: idOf(label),
    policies: policies.map(({ name }) => name),
    pairs,
    requiredNames: required ? [...required.keys()] : undefined,
    required,
    batchId,
  });
  return contextDigest(context);
}

/** The data key of an artifact, wrapped by another kind than `kms-symmetric`. Spec: RCP-1, RCP-2, RCP-11. */
export async function wrapAs(kind: Exclude<RecipientKind, "kms-symmetric">, options: WrapOptions = {}): Promise<Wrap> {
  const { label = "a", custodyUri = usualKey, kem = "ml-kem-768", required, batchId, change = {} } = options;
  const by = `${label} ${custodyUri}`;
  const make = { "kms-rsa": rsaWrapped, "kms-wrap-noaad": keyWrapped, kem: null, "kms-kem": null }[kind];
  const { secret, blob, key } = make ? make(by) : encapsulated(by, kem);
  const bound = await boundOf(options);
  const kek = createSecretKey(hkdfSha384(secret, wrapInfo(idOf(label), bound), 32));
  const recipient: Recipient = {
    kind,
    custodyUri,
    blob,
    wrappedKey: aesKwWrap(kek, dataKeyOf(label)),
    bound,
    ...(batchId === undefined ? {} : { batchId }),
    ...change,
  };
  return { recipient, secret, key, ...(required ? { required } : {}) };
}
