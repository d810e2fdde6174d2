// Policy messages and the custody rule: spec 1.5, RCP-5, TRU-11.
import { hash, readCoseSign } from "./cose.mjs";
import { must } from "./refusal.mjs";
import { acceptsSuite, checkDates, checkRole, checkSuite, markHolds, verifySigner, withinScope } from "./trust.mjs";

const classifications = ["public", "internal", "confidential", "restricted"];

/** POM-1 to POM-3: judged at the time at which anchor 0 is. */
export function verifyPolicy({ document, cose }, judged, trust) {
  const [{ time, judgedAt }] = judged;
  const sign = readCoseSign(cose, "policy");
  const signer = verifySigner(trust, sign, hash(-43, document.bytes));
  checkRole(signer, "policy");
  must(signer.authority === document.authority, "policy-authority");
  checkDates(signer, time);
  checkSuite(trust, signer.suite, time);
  must(acceptsSuite(trust, signer.suite, judgedAt), "suite-lapsed");
  must(withinScope(signer, document.id), "signer-scope");
  must(markHolds(signer, judged), "signer-compromised");
}

/** ING-4: every policy in force, by its name. */
export function verifyPolicies(layers, judged, { surroundings, trust }) {
  const policies = new Map();
  for (const { policy } of layers) {
    const message = surroundings.get("policy", policy);
    verifyPolicy(message, judged, trust);
    must(withinScope(judged[0].signer, message.document.id), "signer-scope"); // TRU-11
    policies.set(policy, message);
  }
  return policies;
}

/** The highest classification of the policies in force; an absent one is public. */
export function classificationOf(policies) {
  const levels = [...policies.values()].map(({ document }) => classifications.indexOf(document.classification));
  return classifications[Math.max(...levels)];
}

/** Custody, account and Region of a key URI; an AWS key names the latter two in its ARN. */
function placeOf(uri) {
  const [custody, , , service, region, account] = uri.split(":");
  if (!uri.includes(":")) return {};
  return custody === "aws-kms" && service === "kms" ? { custody, account, region } : { custody };
}

/** RCP-5. */
export function checkCustodyRule({ custodies, accounts, regions }, recipients) {
  for (const { custodyUri } of recipients) {
    const { custody, account, region } = placeOf(custodyUri);
    must(custodies?.includes(custody) ?? true, "custody-rule");
    must(accounts?.includes(account) ?? true, "custody-rule");
    must(regions?.includes(region) ?? true, "custody-rule");
  }
}
