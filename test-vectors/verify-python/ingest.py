"""Ingest (spec 5.2): the checks of ING-3 in their order, over one artifact."""

import base64
import hashlib
import re

import cbor
import chain
import content
import cose
import forms
import lineage
import policies
from holdings import Holdings
from refusal import Refused, need
from trust import LEVELS, instant, sha384

ENVELOPE = bytes.fromhex("89575249540d0a01")
SIDECAR = bytes.fromhex("866477726974")


def open_carrier(data, limits):
    """CAR-1, CAR-2: artifact and, of an envelope, its content."""
    need(len(data) > 0, "input-empty")
    if data[:6] == SIDECAR:
        need(len(data) <= limits["artifact"], "input-too-large")
        return data, None
    need(data[:8] == ENVELOPE, "format-unknown")
    forms.form(len(data) >= 12, "the length")
    length = int.from_bytes(data[8:12], "big")
    need(length <= limits["artifact"], "input-too-large")
    forms.form(12 + length <= len(data), "the artifact")
    need(len(data) - 12 - length <= limits["content"], "input-too-large")
    return data[12 : 12 + length], data[12 + length :]


def parse_artifact(data):
    """ART-1, ART-2: core, keys, anchors and attachments as byte strings."""
    need(len(data) > 0, "input-empty")
    need(data[:6] == SIDECAR, "format-unknown")
    value = cbor.decode(data)
    need(type(value[1]) is int and value[1] == 1, "version-unknown")
    core, keys, anchors, attachments = value[2:]
    forms.form(isinstance(core, bytes) and isinstance(keys, bytes), "byte strings")
    forms.list_of(forms.size(0, len(data)), 1, 4096)(anchors)
    forms.set_of(forms.size(0, len(data)))(attachments)
    return core, keys, anchors, attachments


class Result:
    """What ingest found."""


def verify(data, trust, clock, stored=None, store=(), limit=2**20):
    """ING-3: the first check that fails is the refusal."""
    need(clock < trust.expires, "trust-expired")  # TRU-4
    need(len(data) <= limit, "input-too-large")
    core_bytes, keys_bytes, anchor_list, attachments = parse_artifact(data)
    core = forms.parse_core(core_bytes)
    keys = forms.parse_keys(keys_bytes)
    anchors = forms.parse_anchors(anchor_list)
    forms.form(core[6][1] != "floe" or keys[0], "a recipient of floe content")  # ART-11
    held = Holdings(attachments, store)
    layers = held.layers(core)
    held.check_named(core, anchors)
    roots = held.roots_of(chain.known_part(anchors, trust))

    judged = chain.verify(anchors, core, core_bytes, keys_bytes, roots, trust, clock)
    chain.judge(judged, trust, clock)
    reported = chain.requirements(judged, trust, clock)
    in_force = policies.verify(layers, judged, held, trust, "attachment-missing")
    classification = max((one.get("classification", "public") for one in in_force), key=LEVELS.index)
    check_keys(core, layers, keys, classification)
    walked = lineage.verify(held, lineage.State(core, core_bytes, layers, judged), trust)
    demanded = any(one.get("status") and classification in one["classifications"] for one in trust.demands)
    need(core[10] or not demanded, "status-missing")  # ING-8
    if stored is not None:
        stated = core[6]
        others = [one.content_root for one in judged if one.kind == "rehash" and one.counts]  # ANC-11
        content.check_whole(stated[1], stated[2], stated[3], stated.get(4), stored, others)

    result = Result()
    result.core, result.layers, result.keys, result.held = core, layers, keys, held
    result.anchors, result.roots, result.core_bytes, result.keys_bytes = anchors, roots, core_bytes, keys_bytes
    result.judged, result.walked = judged, walked
    result.report = {
        "name": "sha384:" + sha384(core_bytes).hex(),
        "head": "sha384:" + sha384(cbor.encode([core_bytes, keys_bytes, anchor_list])).hex(),  # ART-10
        "artifactId": core[1].hex(),
        "era": chain.evidence_era(judged),
        "standing": "valid" if judged[0].counts else "expired",
        "wrapEra": wrap_era(keys),
        "lineage": "checked" if walked.complete else "unchecked",
        "sources": ["sha384:" + name.hex() for name in walked.names],
        "classification": classification,
        "content": "unchecked" if stored is None else "checked",
        "judgedAt": instant(judged[0].judged_at),
        "anchors": [
            {"kind": one.kind, "suite": one.suite, "authority": one.signer.authority, "batched": one.batched,
             "time": instant(one.time), "counts": one.counts}
            for one in judged],
        "unknownLater": len(anchors) - len(judged),
        "reported": reported,
    }
    return result


def wrap_era(keys):
    """RCP-7: the weakest of the wraps and exposures."""
    eras = ["classical" for _ in keys[1]]
    for one in keys[0]:
        group = one.get(9)  # RCP-12
        if group is not None and group != "none" and not re.search("ml-?kem", group, re.IGNORECASE | re.ASCII):
            eras.append("classical")
        eras.append("pq" if one[1] == "kms-symmetric" else forms.BLOBS[one[1]][len(one[3])])
    return min(eras, key=cose.ERAS.index, default=None)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def context_of(core, layers, recipient, required=None):
    """RCP-3, RCP-4: the encryption context of a recipient, with the required pairs where they are known."""
    digests = sorted({cbor.encode(layer[1]) for layer in layers})
    names = [cbor.decode(one) for one in digests]
    pairs = dict(core[8].get(6, {}), **(required or {}))
    pairs["writ-policy"] = base64url(hashlib.sha256(cbor.encode(names)).digest())
    if 8 in recipient:
        pairs["writ-batch"] = recipient[8]
    else:
        pairs["writ-artifact"] = base64url(core[1])
    return pairs


def check_keys(core, layers, keys, classification):
    """The custody rule with the recipients: RCP-2, RCP-3, RCP-5, RCP-13."""
    rule = core[8]
    names = list(rule.get(6, {})) + rule.get(7, [])
    need(len(names) + 2 <= 8, "context-invalid", "more than 8 pairs")
    need(len(set(names)) == len(names), "context-invalid", "a pair that is required too")
    for one in names:
        reserved = one.startswith(("writ-", "aws:", "aws-"))
        need(re.fullmatch(r"[a-z0-9._-]{1,128}", one, re.ASCII) and not reserved, "context-invalid", one)
    for one in keys[0]:
        scheme = one[2].partition(":")[0] if ":" in one[2] else None
        arn = re.fullmatch(r"aws-kms:arn:[^:]*:kms:([^:]*):([^:]*):.*", one[2], re.DOTALL)
        region, account = arn.groups() if arn else (None, None)
        for member, value in ((1, scheme), (2, account), (3, region)):
            need(member not in rule or value in rule[member], "custody-rule")
        need(8 not in one or LEVELS.index(classification) <= 1, "custody-rule", "a shared secret")
        if one[5] is not None and 7 not in rule:
            digest = sha384(cbor.encode(context_of(core, layers, one)))
            need(digest == one[5], "context-invalid", "bound")
