// The suites of P-384 and ML-DSA-87: what verifies, and what of each is refused.
import { thumbprint } from "../../packages/core/src/cose.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { signatureAlgs, suites } from "../../packages/core/src/suites.ts";
import { anchor, batched, joined, sealed } from "./chain.ts";
import { flipped, otherS } from "./cose.ts";
import type { CoseEdits } from "./cose.ts";
import {
  coveredAt,
  issuerCnsa,
  issuerHybrid,
  issuerP384,
  issuerP384Hybrid,
  issuerP384Long,
  issuerPq,
  vault,
} from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const trust = { trust: "every-suite" };
const newSuites = [issuerP384, issuerP384Hybrid, issuerP384Long, issuerCnsa];
const hybrids = [issuerP384Hybrid, issuerP384Long];
const idOf = ({ suite }: Signer): string => suite.replace("+", "-");

async function of(signer: Signer, cose: CoseEdits = {}): Promise<Uint8Array> {
  return joined(await sealed({}, { signer, cose }));
}

/** Seals and batched covers of every new suite. */
export async function acceptedSuites(): Promise<Case[]> {
  const seals = newSuites.map(async (signer): Promise<Case> => {
    const chain = await sealed({}, { signer });
    const { era } = suites[signer.suite];
    return {
      id: `suite-${idOf(signer)}`,
      title: `a seal under ${signer.suite}`,
      spec: ["SUI-1", "SUI-3", "SUI-4", "COS-4", "ING-6"],
      ...trust,
      artifact: joined(chain),
      chain,
      expect: era === "classical" ? {} : { era },
    };
  });
  const covered = await batched(await sealed({}, { signer: issuerP384 }), { signer: vault });
  const direct = await anchor(await sealed(), { signer: vault });
  return [
    ...(await Promise.all(seals)),
    {
      id: "suite-mldsa87-batched-cover",
      title: "a batched cover under mldsa87: statement, leaves, path and root under SHA-512",
      spec: ["SUI-1", "BAT-2", "BAT-5", "ANC-4"],
      ...trust,
      artifact: joined(covered),
      chain: covered,
      expect: { era: "pq", judgedAt: coveredAt },
    },
    {
      id: "suite-mldsa87-cover",
      title: "a cover under mldsa87 over a seal under p256",
      spec: ["SUI-1", "ANC-4", "ING-6"],
      ...trust,
      artifact: joined(direct),
      chain: direct,
      expect: { era: "pq", judgedAt: coveredAt },
    },
  ];
}

async function halfCases(signer: Signer): Promise<Case[]> {
  const id = idOf(signer);
  const first: Signer = { ...signer, suite: "p384", keys: signer.keys.slice(0, 1) };
  const second: Signer = {
    ...signer,
    suite: signer.suite === "p384+mldsa87" ? "mldsa87" : "mldsa65",
    keys: signer.keys.slice(1),
  };
  const half = (index: number): CoseEdits => ({
    signature: (signature, at) => (at === index ? flipped(signature) : signature),
  });
  return [
    refused(
      `suite-${id}-first-half-broken`,
      "signature-invalid",
      ["SUI-3"],
      `${signer.suite}: the ECDSA half doesn't verify`,
      await of(signer, half(0)),
      trust,
    ),
    refused(
      `suite-${id}-second-half-broken`,
      "signature-invalid",
      ["SUI-3"],
      `${signer.suite}: the ML-DSA half doesn't verify`,
      await of(signer, half(1)),
      trust,
    ),
    refused(
      `suite-${id}-pq-stripped`,
      "signer-unknown",
      ["SUI-1", "TRU-5"],
      `${signer.suite} without its ML-DSA half`,
      await of(signer, { signers: ([entry]) => [entry!] }),
      trust,
    ),
    refused(
      `suite-${id}-order`,
      "signer-unknown",
      ["SUI-1", "TRU-5"],
      `${signer.suite} with its halves exchanged`,
      await of(signer, { signers: (entries) => entries.toReversed() }),
      trust,
    ),
    refused(
      `suite-${id}-classical-alone`,
      "signer-unknown",
      ["TRU-5", "ANC-8"],
      `a new statement of suite p384 by the ECDSA key of a signer of ${signer.suite}`,
      await of(first),
      trust,
    ),
    refused(
      `suite-${id}-pq-alone`,
      "signer-unknown",
      ["TRU-5", "ANC-8"],
      `a new statement of suite ${second.suite} by the ML-DSA key of a signer of ${signer.suite}`,
      await of(second),
      trust,
    ),
  ];
}

async function refusedForm(): Promise<Case[]> {
  const covered = await sealed();
  const mixed: Signer = { ...issuerP384Hybrid, keys: [issuerP384Hybrid.keys[0]!, issuerPq.keys[0]!] };
  const kidOf = (signer: Signer): Uint8Array => thumbprint(signer.keys[0]!.alg, signer.keys[0]!.publicKey);
  return [
    refused(
      "suite-p384-high-s",
      "signature-invalid",
      ["SUI-4"],
      "an ECDSA signature of P-384 with s in the upper half",
      await of(issuerP384, { signature: otherS }),
      trust,
    ),
    refused(
      "suite-p384-of-p256-length",
      "signature-invalid",
      ["SUI-4"],
      "an ECDSA signature of P-384 of 64 bytes",
      await of(issuerP384, { signature: (signature) => signature.subarray(0, 64) }),
      trust,
    ),
    refused(
      "suite-mldsa87-flipped",
      "signature-invalid",
      ["SUI-3"],
      "a bit of an ML-DSA-87 signature changed",
      await of(issuerCnsa, { signature: (signature) => flipped(signature) }),
      trust,
    ),
    refused(
      "suite-mldsa87-of-mldsa65-length",
      "signature-invalid",
      ["SUI-4"],
      "an ML-DSA-87 signature cut to the length of an ML-DSA-65 one",
      await of(issuerCnsa, { signature: (signature) => signature.subarray(0, signatureAlgs[-49].signatureBytes) }),
      trust,
    ),
    refused(
      "suite-mldsa87-named-mldsa65",
      "signer-unknown",
      ["TRU-5", "ANC-8"],
      "the algorithm of an ML-DSA-87 signature changed to −49",
      await of(issuerCnsa, { signerHeader: (header) => void header.set(1, -49) }),
      trust,
    ),
    refused(
      "suite-mldsa65-kid-of-mldsa87",
      "signer-unknown",
      ["TRU-5"],
      "an ML-DSA-65 signature under the kid of the issuer's ML-DSA-87 key",
      await of(issuerPq, { signerHeader: (header) => void header.set(4, kidOf(issuerCnsa)) }),
      trust,
    ),
    refused(
      "suite-mldsa87-statement-sha384",
      "suite-unknown",
      ["ANC-8"],
      "a statement of suite mldsa87 that names SHA-384",
      joined(await anchor(covered, { signer: vault, statement: (s) => void s.set(5, -43) })),
      trust,
    ),
    refused(
      "suite-p384-mldsa65-of-two-signers",
      "signer-unknown",
      ["TRU-5"],
      "one half by a hybrid signer, the other by the mldsa65 signer of the same authority",
      await of(mixed),
      trust,
    ),
    refused(
      "suite-hybrid-not-named",
      "suite-lapsed",
      ["SUI-5"],
      "a suite that is known but that the trust policy doesn't name",
      await of(issuerHybrid),
      { trust: "hybrid-without-its-suite" },
    ),
    refused(
      "suite-mldsa87-batch-path-sha384",
      "batch-structure",
      ["BAT-5"],
      "a path of SHA-384 digests under a root of suite mldsa87",
      joined(
        await batched(covered, {
          signer: vault,
          proof: (proof) =>
            void proof.set(
              4,
              (proof.get(4) as Uint8Array[]).map((node) => node.subarray(0, 48)),
            ),
        }),
      ),
      trust,
    ),
  ];
}

/** Refusals of every new suite. */
export async function refusedSuites(): Promise<Case[]> {
  return [...(await Promise.all(hybrids.map(halfCases))).flat(), ...(await refusedForm())];
}
