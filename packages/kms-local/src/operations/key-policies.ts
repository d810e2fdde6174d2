import { admit } from "../admit.ts";
import { leavesControl } from "../authorise.ts";
import { type Operations, reading, writing } from "../call.ts";
import { malformedPolicy, notFound } from "../fault.ts";
import { findOwnKey, keyIdField } from "../find-key.ts";
import { pageFields } from "../page.ts";
import { parsePolicy } from "../policy.ts";
import { flag, optional, text } from "../shape.ts";

const policyName = optional(text({ min: 1, max: 128, pattern: /^\w+$/ }));

// Source: AWS KMS API Reference, PutKeyPolicy, GetKeyPolicy, ListKeyPolicies.
/** PutKeyPolicy, GetKeyPolicy, ListKeyPolicies. A key has exactly one policy, named `default`. */
export const keyPolicyOperations: Operations = {
  PutKeyPolicy: writing(
    {
      KeyId: keyIdField,
      PolicyName: policyName,
      Policy: text({ min: 1, max: 131_072 }),
      BypassPolicyLockoutSafetyCheck: optional(flag),
    },
    (input, call) => {
      const policy = parsePolicy(input.Policy, "key");
      const key = findOwnKey(call, input.KeyId);
      const bypass = input.BypassPolicyLockoutSafetyCheck ?? false;
      admit(call, { key, action: "PutKeyPolicy", facts: { BypassPolicyLockoutSafetyCheck: String(bypass) } });
      assertDefault(input.PolicyName);
      if (!bypass && !leavesControl(call, key, policy)) {
        throw malformedPolicy("The new key policy will not allow you to update the key policy in the future.");
      }
      key.policy = policy;
      return undefined;
    },
  ),

  GetKeyPolicy: reading({ KeyId: keyIdField, PolicyName: policyName }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "GetKeyPolicy" });
    assertDefault(input.PolicyName);
    return { Policy: key.policy.text, PolicyName: "default" };
  }),

  ListKeyPolicies: reading({ KeyId: keyIdField, ...pageFields }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "ListKeyPolicies" });
    return { PolicyNames: ["default"], Truncated: false };
  }),
};

function assertDefault(name: string | undefined): void {
  if (name !== undefined && name !== "default") throw notFound("No such policy exists");
}
