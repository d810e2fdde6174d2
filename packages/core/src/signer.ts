// Signers: keys in the order of a suite, in this process or in a custody.
import type { SigningKey } from "./cose.ts";
import { rawPublicKeyOf, signBytes } from "#crypto";
import type { KeyObject } from "#crypto";
import type { Custody, CustodyCall } from "./custody.ts";
import { VerificationError } from "./errors.ts";
import { isSuiteName, suites } from "./suites.ts";
import type { SuiteFacts, SuiteName } from "./suites.ts";

/** Signs as one suite for one authority. */
export interface Signer {
  /** URN of whom the trust policy knows these keys for. */
  readonly authority: string;
  readonly suite: SuiteName;
  /** In the order of the suite's name. */
  readonly keys: readonly SigningKey[];
}

function suiteFacts(suite: SuiteName): SuiteFacts {
  if (!isSuiteName(suite))
    throw new TypeError(`suite \`${String(suite)}\` is not known; known are ${Object.keys(suites).join(", ")}`);
  return suites[suite];
}

function checkSuite(suite: SuiteName, algs: readonly number[]): void {
  const wanted = suiteFacts(suite).algs;
  if (wanted.length !== algs.length || wanted.some((alg, index) => alg !== algs[index])) {
    throw new VerificationError("key-mismatch", `suite \`${suite}\` asks for other key types, or in another order`);
  }
}

/** A signer over private keys of this process, in the order of the suite's name. Throws `key-mismatch` for keys of another type. */
export function localSigner(authority: string, suite: SuiteName, privateKeys: readonly KeyObject[]): Signer {
  const { algs } = suiteFacts(suite);
  if (privateKeys.length !== algs.length)
    throw new VerificationError("key-mismatch", `suite \`${suite}\` takes ${algs.length} keys`);
  const keys = privateKeys.map((privateKey, index): SigningKey => {
    const alg = algs[index]!;
    return {
      alg,
      publicKey: rawPublicKeyOf(alg, privateKey),
      sign: (message) => Promise.resolve(signBytes(alg, privateKey, message)),
    };
  });
  return { authority, suite, keys };
}

/** A signer over keys that stay in a custody; `onCall` sees each Sign call. Throws `key-mismatch` and CustodyError. */
export async function custodySigner(
  authority: string,
  suite: SuiteName,
  custody: Custody,
  keyUris: readonly string[],
  onCall?: (call: CustodyCall) => void,
): Promise<Signer> {
  const keys = await Promise.all(
    keyUris.map(async (asked): Promise<SigningKey> => {
      const { uri, alg, raw } = await custody.publicKey(asked);
      return {
        alg,
        publicKey: raw,
        sign: async (message) => {
          const { signature, call } = await custody.sign(uri, alg, message);
          onCall?.(call);
          return signature;
        },
      };
    }),
  );
  checkSuite(
    suite,
    keys.map(({ alg }) => alg),
  );
  return { authority, suite, keys };
}
