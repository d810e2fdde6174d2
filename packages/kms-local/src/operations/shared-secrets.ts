import { createPublicKey, decapsulate, diffieHellman, encapsulate, type KeyObject } from "node:crypto";
import { admit, endDryRun, recipientField, refuseRecipient, useFields } from "../admit.ts";
import { type Call, type Operations, reading } from "../call.ts";
import { invalid, invalidCiphertext } from "../fault.ts";
import { findKey, keyIdField } from "../find-key.ts";
import { arnOf, currentMaterial, type Key } from "../key.ts";
import { blob, oneOf } from "../shape.ts";
import { publicKeyOf } from "../signature.ts";

const encapsulationAlgorithm = oneOf(["ML_KEM"]);

// Source: FIPS 203 table 3; AWS KMS API Reference, Encapsulate.
const ciphertextBytes: Readonly<Record<string, number>> = { ML_KEM_512: 768, ML_KEM_768: 1088, ML_KEM_1024: 1568 };

const encapsulateShape = { KeyId: keyIdField, EncapsulationAlgorithm: encapsulationAlgorithm, ...useFields };

// Source: AWS KMS API Reference, Encapsulate, Decapsulate, DeriveSharedSecret.
/** Encapsulate, Decapsulate, DeriveSharedSecret. */
export const sharedSecretOperations: Operations = {
  Encapsulate: reading(encapsulateShape, (input, call) => {
    const key = admitted(call, input, "ENCAPSULATE_DECAPSULATE", input.EncapsulationAlgorithm);
    const { sharedKey, ciphertext } = encapsulate(publicKeyOf(key));
    endDryRun(input.DryRun);
    return {
      KeyId: arnOf(key),
      SharedSecret: sharedKey.toString("base64"),
      SharedSecretCiphertextBlob: ciphertext.toString("base64"),
      EncapsulationAlgorithm: input.EncapsulationAlgorithm,
    };
  }),

  Decapsulate: reading(
    { ...encapsulateShape, SharedSecretCiphertextBlob: blob({ min: 1, max: 6144 }) },
    (input, call) => {
      const key = admitted(call, input, "ENCAPSULATE_DECAPSULATE", input.EncapsulationAlgorithm);
      const sealed = input.SharedSecretCiphertextBlob;
      // The length is all that is ever refused: anything else of this length gives a secret, the
      // wrong one for a wrong ciphertext (implicit rejection). Source: FIPS 203 section 6.3.
      if (sealed.length !== ciphertextBytes[key.spec]) throw invalidCiphertext();
      const secret = decapsulate(currentMaterial(key).secret, sealed);
      endDryRun(input.DryRun);
      return {
        KeyId: arnOf(key),
        SharedSecret: secret.toString("base64"),
        EncapsulationAlgorithm: input.EncapsulationAlgorithm,
      };
    },
  ),

  DeriveSharedSecret: reading(
    {
      KeyId: keyIdField,
      KeyAgreementAlgorithm: oneOf(["ECDH"]),
      PublicKey: blob({ min: 1, max: 8192 }),
      Recipient: recipientField,
      ...useFields,
    },
    (input, call) => {
      refuseRecipient(input.Recipient);
      const facts = { KeyAgreementAlgorithm: input.KeyAgreementAlgorithm };
      const key = admitted(call, input, "KEY_AGREEMENT", input.KeyAgreementAlgorithm, facts);
      const privateKey = currentMaterial(key).secret;
      const publicKey = readPeer(input.PublicKey, privateKey);
      const secret = diffieHellman({ privateKey, publicKey });
      endDryRun(input.DryRun);
      return {
        KeyId: arnOf(key),
        SharedSecret: secret.toString("base64"),
        KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
        KeyOrigin: key.origin,
      };
    },
  ),
};

function admitted(
  call: Call,
  input: { readonly KeyId: string; readonly GrantTokens: string[] | undefined },
  usage: "ENCAPSULATE_DECAPSULATE" | "KEY_AGREEMENT",
  algorithm: string,
  facts: Readonly<Record<string, string>> = {},
): Key {
  const key = findKey(call, input.KeyId);
  admit(call, {
    key,
    name: input.KeyId,
    action: call.operation,
    usage,
    algorithm,
    facts,
    grantTokens: input.GrantTokens,
  });
  return key;
}

/** Reads the other side's public key; throws ValidationException unless it is a point of the same curve. */
function readPeer(der: Buffer, own: KeyObject): KeyObject {
  let peer;
  try {
    peer = createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    throw invalid("The public key is not a DER-encoded X.509 SubjectPublicKeyInfo.");
  }
  const curve = own.asymmetricKeyDetails?.namedCurve;
  if (peer.asymmetricKeyType !== "ec" || peer.asymmetricKeyDetails?.namedCurve !== curve) {
    throw invalid("The public key is not on the curve of the KMS key.");
  }
  return peer;
}
