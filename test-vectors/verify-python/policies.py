"""Policy messages in force (POM-2, POM-3, TRU-11) and approvals (APR-1 to APR-8)."""

import chain
import forms
from holdings import APPROVAL, POLICY
from refusal import need
from trust import sha384

LONGEST_APPROVAL = 30 * 86400


def verify(layers, anchors, held, trust, lack):
    """The documents of the layers; `lack` refuses one that isn't at hand (ING-4, LIN-6), None passes it over (LIN-2)."""
    seal, documents = anchors[0], []
    for name in dict.fromkeys(layer[1][1] for layer in layers):
        policy = held.policy(name)
        if policy is None:
            need(lack is None, lack)
            continue
        check(policy, seal, anchors, trust)
        documents.append(policy[1])
        need(seal.signer.in_scope(policy[1]["id"]), "signer-scope")  # TRU-11
    return documents


def check(policy, seal, anchors, trust):
    document_bytes, document, sign = policy
    signer = trust.find(sign.keys())
    trust.named(signer.suite)
    sign.verify(signer.keys, "policy", sha384(document_bytes))
    need(signer.role == "policy", "signer-role")  # POM-2
    need(signer.authority == document["authority"], "policy-authority")
    need(signer.in_dates(seal.time), "signer-dates")  # POM-3
    trust.signing_accepted(signer.suite, seal.time)
    need(trust.counts(signer.suite, seal.judged_at), "suite-lapsed")
    need(signer.in_scope(document["id"]), "signer-scope")
    need(chain.unmarked(signer, anchors), "signer-compromised")


class Approvals:
    """The approvals that a core names, verified and for exactly this core (APR-7, APR-8)."""

    def __init__(self, state, references, held, trust):
        self.given = []  # (signer, statement)
        core, seal = state.core, state.anchors[0]
        sources = sorted(one[2][1] for one in references)
        for name in core[9].get(5, []):
            sign, statement = forms.parse_approval(held.need(APPROVAL, name[1]))
            signer = trust.find(sign.keys())
            trust.named(signer.suite)
            sign.verify(signer.keys, "approval", sign.payload)
            need(signer.role == "approve", "signer-role")  # APR-2
            self._judge(signer, statement, seal, state.anchors, trust)
            need(sorted(one[1] for one in statement[2]) == sorted(set(sources)), "approval-mismatch")  # APR-4
            need(statement[3] == core[9][1], "approval-mismatch", "operation")
            need(4 in statement and statement[4][1] == state.layers_digest(), "approval-mismatch", "layers")
            self.given.append((signer, statement))

    @staticmethod
    def _judge(signer, statement, seal, anchors, trust):
        """APR-2, APR-8."""
        issued, end = statement[7], statement[8]
        need(signer.in_dates(issued), "signer-dates")
        trust.signing_accepted(signer.suite, seal.time)
        judged = chain.lineage_time(anchors)
        need(trust.counts(signer.suite, judged), "suite-lapsed")
        need(chain.unmarked(signer, anchors), "signer-compromised")
        need(end - issued <= LONGEST_APPROVAL, "approval-expired", "too long")
        need(issued <= seal.time + 300, "approval-expired", "issued later")
        need(seal.time < end and judged < end, "approval-expired", "ended")

    def lower(self, layer, held):
        """APR-7: whether a layer of a source may be lowered."""
        policy = held.policy(layer[1][1])
        need(policy is not None, "parent-missing")
        rule = policy[1].get("declassify")
        need(isinstance(rule, dict), "lowering-refused")
        signers, persons = set(), set()
        for signer, statement in self.given:  # APR-3
            if signer.authority in rule.get("approvers", []) and signer not in signers and statement[6] not in persons:
                signers.add(signer)
                persons.add(statement[6])
        need(len(signers) >= rule.get("threshold", 17), "approval-missing")
