"""The anchor chain (spec 1.8) and its judgement in time (TRU-8 to TRU-10)."""

import cbor
import cose
import forms
import merkle
from refusal import Refused, need


class Judged:
    """An anchor of a known suite whose place, signatures and time hold."""

    def __init__(self, anchor, signer, time):
        self.kind = anchor.statement[2]
        self.suite = anchor.suite
        self.signer = signer
        self.batched = anchor.proof is not None
        self.time = time
        self.content_root = anchor.statement[8]
        self.judged_at = None
        self.counts = None


def earlier_bytes(anchors, roots):
    """ANC-4: the array of [anchor, its root message or null]."""
    return cbor.encode([[one.data, roots[one.root_name] if one.root_name else None] for one in anchors])


def known_part(anchors, trust):
    """ANC-10: the anchors up to the last one of a known suite."""
    known = 0
    while known < len(anchors) and anchors[known].suite in cose.SUITES:
        known += 1
    if known < len(anchors):
        later_known = any(one.suite in cose.SUITES for one in anchors[known:])
        need(known > 0 and not later_known and trust.accepts_unknown, "suite-unknown")
    return anchors[:known]


def check_place(anchor, position, before, core, core_bytes, roots):
    """ANC-6, ANC-8, ANC-7, ANC-4: what an anchor states about what it covers."""
    stated = anchor.statement
    algorithm = cose.SUITES[anchor.suite].hash
    need(stated[5] == algorithm, "suite-unknown", "the statement's hash")
    need((stated[2] == "seal") == (position == 0), "anchor-kind")
    need(stated[4] == position, "anchor-sequence")
    need(stated[3] == core[1], "anchor-artifact")
    need(stated[6] == cose.digest(algorithm, core_bytes), "anchor-core")
    root_before = before[-1].statement[8] if before else core[6][3]
    if stated[2] == "rehash":  # ANC-11
        longer = cose.HASH_BYTES[stated[8][0]] > cose.HASH_BYTES[root_before[0]]
        need(longer, "anchor-content-root")
    else:
        need(stated[8] == root_before, "anchor-content-root")
    need(stated[9] == cose.digest(algorithm, earlier_bytes(before, roots)), "anchor-chain")


def check_keys(anchors, keys_bytes):
    """ANC-7: the keys digests from one rewrap (or the seal) to the next agree; the last ones are of the present keys."""
    last = max(at for at, one in enumerate(anchors) if at == 0 or one.statement[2] == "rewrap")
    seen = {}
    for at, one in enumerate(anchors):
        algorithm, stated = one.statement[5], one.statement[7]
        if at == 0 or one.statement[2] == "rewrap":
            seen = {}
        if at >= last:
            need(keys_bytes is None or stated == cose.digest(algorithm, keys_bytes), "anchor-keys")
        need(seen.setdefault(algorithm, stated) == stated, "anchor-keys")


def signer_and_time(anchor, roots, trust):
    """Who signed an anchor, and when: directly (ANC-3) or by a batch (BAT-2 to BAT-5)."""
    stated = anchor.statement
    if anchor.sign:
        signer = trust.find(anchor.sign.keys())
        need(signer.suite == anchor.suite, "signer-unknown")  # ANC-8
        trust.named(signer.suite)
        anchor.sign.verify(signer.keys, "anchor", anchor.message)
        return signer, stated[10]
    sign, root = forms.parse_root(roots[anchor.root_name])
    signer = trust.find(sign.keys())
    need(root[5] == signer.suite == anchor.suite, "batch-structure")  # BAT-4
    trust.named(signer.suite)
    salt, size, index, path = (anchor.proof[key] for key in (1, 2, 3, 4))
    algorithm = cose.SUITES[anchor.suite].hash
    need(size == root[2] and len(root[3]) == cose.HASH_BYTES[algorithm], "batch-structure")  # BAT-5
    leaf = merkle.batch_leaf(algorithm, "writ/1 anchor leaf", anchor.message, salt)
    reached = merkle.root_of_proof(algorithm, leaf, index, size, path)
    sign.verify(signer.keys, "anchor root", sign.payload)
    need(reached == root[3], "batch-root")
    return signer, root[4]


def check_signer(signer, position, time, core, trust):
    """ANC-6, TRU-6, SUI-5."""
    if position == 0:
        derived = 11 in core or core[9][2] != []
        need(signer.role == "issue" or (derived and signer.role == "derive"), "signer-role")
        need(signer.authority == core[4], "signer-unknown", "not the issuer")
    else:
        need(signer.role in ("anchor", "issue"), "signer-role")
    need(signer.in_dates(time), "signer-dates")
    trust.signing_accepted(signer.suite, time)


def verify(anchors, core, core_bytes, keys_bytes, roots, trust, clock):
    """The judged anchors of known suites; what they are worth is for `judge`."""
    known = known_part(anchors, trust)
    found = []
    for position, anchor in enumerate(known):
        check_place(anchor, position, known[:position], core, core_bytes, roots)
        signer, time = signer_and_time(anchor, roots, trust)
        check_signer(signer, position, time, core, trust)
        need(time <= clock + 300, "anchor-time", "ahead")  # ANC-9
        need(time > found[-1].time if found else core[3] <= time, "anchor-time")
        found.append(Judged(anchor, signer, time))
    check_keys(known, keys_bytes)
    return found


def judge(anchors, trust, now):
    """TRU-8, TRU-9: from the last anchor, which is judged at `now`, to the seal."""
    at = now
    for position in range(len(anchors) - 1, -1, -1):
        one = anchors[position]
        one.judged_at = at
        one.counts = trust.counts(one.suite, at) and unmarked(one.signer, anchors[position + 1 :])
        if one.counts and one.signer.trusted_time:
            at = one.time
    need(unmarked(anchors[0].signer, anchors[1:]), "signer-compromised")


def unmarked(signer, dating):
    """TRU-8: no mark, or one of these anchors dates the signature before it."""
    mark = signer.invalid_since
    return mark is None or any(
        one.counts and one.signer.trusted_time and one.signer.invalid_since is None
        and one.signer.authority != signer.authority and one.time < mark
        for one in dating)


def requirements(anchors, trust, clock):
    """TRU-10: refuses what is enforced, and gives what is reported."""
    reported = []
    for since, suites, authorities, stage in trust.required:
        if clock < since:
            continue
        met = {one.signer.authority for one in anchors if one.counts and one.suite in suites}
        if len(met) < authorities:
            need(stage != "enforce", "suite-required")
            reported.append(suites)
    return reported


def lineage_time(anchors):
    """LIN-2: the time at which the sources of what these anchors hold are judged."""
    seal = anchors[0]
    return seal.time if seal.counts and seal.signer.trusted_time else seal.judged_at


def evidence_era(anchors):
    """ING-6."""
    return max((cose.SUITES[one.suite].era for one in anchors if one.counts), key=cose.ERAS.index, default="classical")
