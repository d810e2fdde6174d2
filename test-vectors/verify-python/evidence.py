"""Evidence packs (spec 5.6): the pack, its receipts under their roots, what it leaves open.

The walk over the corpus (LIN-20) isn't done: no vector of a pack says what it finds.
"""

import cbor
import cose
import forms
import ingest
import merkle
import receipts
import reports
from refusal import Refused, need
from trust import instant, sha384

MOST_BYTES = 64 * 2**20
ARTIFACT, RECEIPT, ROOT, REPORT, STATUS_LIST = 1, 2, 3, 4, 5

_manifest = forms.members(
    {1: forms.one_of(1), 2: forms.uint, 3: forms.members({2: forms.uint, 3: forms.name}, {1: forms.text(256)}),
     4: forms.list_of(forms.name, 1)})
_packed = forms.members(
    {1: lambda one: forms.form(isinstance(one, bytes)), 2: forms.size(16)},
    {3: forms.members({1: forms.up_to(65536), 2: forms.up_to(65536), 3: forms.list_of(forms.bare, 0, 32), 4: forms.name})})


def open_pack(data):
    """EVP-1: the manifest's signature and the encoded items."""
    need(len(data) <= MOST_BYTES, "input-too-large")
    need(len(data) > 0, "input-empty")
    value = cbor.decode(data)
    need(isinstance(value, list) and value and value[0] == "writ-evidence", "format-unknown")
    need(len(value) < 2 or type(value[1]) is not int or value[1] == 1, "version-unknown")
    forms.form(len(value) == 4 and value[1] == 1 and isinstance(value[2], bytes), "a pack")
    forms.set_of(forms.size(0, MOST_BYTES), 1)(value[3])
    items = []
    for one in value[3]:
        item = cbor.decode(one)
        forms.form(isinstance(item, list) and len(item) == 2 and type(item[0]) is int, "an item")
        forms.form(1 <= item[0] <= 5 and isinstance(item[1], bytes), "an item")
        items.append((item[0], item[1], sha384(one)))
    forms.form(any(kind == ARTIFACT for kind, _, _ in items), "no artifact")
    return value[2], items


def check_manifest(message, items, trust, clock):
    """EVP-2."""
    sign = cose.parse(cbor.decode(message), "evidence pack")
    manifest = cbor.decode(sign.payload)
    _manifest(manifest)
    signer = cose.verified_signer(sign, "evidence pack", sign.payload, trust)
    need(signer.role == "receipt", "signer-role")
    made = manifest[2]
    need(signer.in_dates(made), "signer-dates")
    need(made <= clock + 300, "evidence-pack", "in the future")
    fault = receipts.fault_of(signer, made, trust, clock)
    need(fault is None, fault)
    need([one[1] for one in manifest[4]] == [name for _, _, name in items], "evidence-pack")
    return signer, manifest


class Packed:
    """A packed receipt, under its root where it has a place (EVP-3)."""

    def __init__(self, data, roots, trust, clock):
        value = cbor.decode(data)
        _packed(value)
        self.receipt = receipts.parse_receipt(value[1])
        self.name = "sha384:" + sha384(value[1]).hex()
        self.rooted_by = self.root = None
        if 3 not in value:
            return
        size, index, path, root_name = (value[3][key] for key in (1, 2, 3, 4))
        self.root = root_name[1]
        need(self.root in roots, "attachment-missing")
        signer, statement, fault = roots[self.root]
        need(size == statement[2], "receipt-root")
        leaf = merkle.batch_leaf(cose.SUITES[signer.suite].hash, "writ/1 receipt leaf", value[1], value[2])
        try:
            reached = merkle.root_of_proof(cose.SUITES[signer.suite].hash, leaf, index, size, path)
        except Refused:
            raise Refused("receipt-root", "no proof") from None
        need(reached == statement[3], "receipt-root")
        need(self.receipt[23] <= statement[4] + 300, "receipt-root", "older than a receipt")  # REC-5
        self.rooted_by = signer.authority if fault is None else None


def verify(data, trust, clock):
    need(clock < trust.expires, "trust-expired")
    message, items = open_pack(data)
    signer, manifest = check_manifest(message, items, trust, clock)
    roots = {}
    for kind, held, _ in items:
        if kind == ROOT:
            sign, statement = receipts.parse_root(held)
            by = receipts.check_root(sign, statement, trust, clock)
            roots[sha384(held)] = (by, statement, receipts.fault_of(by, statement[4], trust, clock))
    packed = [Packed(held, roots, trust, clock) for kind, held, _ in items if kind == RECEIPT]
    need(len({one.name for one in packed}) == len(packed), "evidence-pack", "a receipt twice")  # EVP-3
    need(set(roots) == {one.root for one in packed if one.root}, "attachment-unnamed")
    artifacts = [ingest.verify(held, trust, clock) for kind, held, _ in items if kind == ARTIFACT]
    ends = [reports.verify(held, trust, clock)["endedAt"] for kind, held, _ in items if kind == REPORT]
    need(all(end <= instant(manifest[2] + 300) for end in ends), "evidence-pack", "older than a report")  # EVP-2
    times = [one.judged[-1].time for one in artifacts] + [one.receipt[23] for one in packed]
    times += [statement[4] for _, statement, _ in roots.values()]
    need(max(times) <= manifest[2] + 300, "evidence-pack", "older than what it holds")  # EVP-2
    made_under = manifest[3]
    return {
        "madeAt": instant(manifest[2]),
        "packedBy": signer.authority,
        "trust": {"name": made_under.get(1), "sequence": made_under[2], "digest": "sha384:" + made_under[3][1].hex()},
        "artifacts": sorted(one.report["name"] for one in artifacts),
        "receipts": [{"name": one.name, "rootedBy": one.rooted_by} for one in sorted(packed, key=lambda one: one.name)],
        "statusLists": sum(kind == STATUS_LIST for kind, _, _ in items),
        "gaps": sorted(gaps(packed, artifacts)),
    }


def gaps(packed, artifacts):
    """REC-10, EVP-5."""
    names = {one.name for one in packed}
    decisions = {one.name: one.receipt for one in packed if one.receipt[2] == "decision"}
    released = ["sha384:" + one.receipt[16][1].hex() for one in packed if one.receipt[2] == "release"]
    by_core = {one.report["name"]: one for one in artifacts}
    ids = {one.core[1] for one in artifacts}
    for one in packed:
        value = one.receipt
        if one.rooted_by is None:
            yield "no-root " + one.name
        if value.get(10) == "permit" and one.name not in released:
            yield "no-release " + one.name
        if 16 in value and not _follows(value, decisions, released):
            yield "no-decision " + one.name
        artifact = by_core.get("sha384:" + value[4][1].hex())
        if value[3] not in ids:
            yield "no-artifact " + one.name
        elif artifact is None or artifact.core[1] != value[3]:
            yield "other-core " + one.name
        elif value[2] != "discharge" and _policies(value[5]) != _policies(artifact.layers):
            yield "other-policies " + one.name
    for artifact in artifacts:
        receipts_cited = artifact.core[9][3]
        for name in [] if forms.is_name(receipts_cited) else receipts_cited:
            if "sha384:" + name[1].hex() not in names:
                yield "no-receipt sha384:" + name[1].hex()


def _follows(value, decisions, released):
    """REC-10: the decision that a receipt cites is there; for a release it is a permit of that core, used once."""
    name = "sha384:" + value[16][1].hex()
    cited = decisions.get(name)
    if cited is None or value[2] != "release":
        return cited is not None
    return cited[10] == "permit" and cited[4] == value[4] and released.count(name) == 1


def _policies(layers):
    return {cbor.encode([one[1], one.get(2, {})]) for one in layers}
