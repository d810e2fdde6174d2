"""Receipts (spec 5.5): entries, chains, roots, files."""

import cbor
import cose
import forms
import merkle
from refusal import Refused, need
from trust import instant, sha384

MAGIC = b"WRITREC1"
LONGEST_ENTRY = 2 * 2**20

_duty = forms.members({1: forms.text(256), 2: forms.text(), 3: forms.text(64), 4: forms.name},
                      {5: forms.uint, 6: forms.text()})
_receipt = forms.members(
    {1: forms.one_of(1), 2: forms.one_of("decision", "release", "discharge", "ingest"), 3: forms.size(16),
     4: forms.name, 5: forms.list_of(forms.members({1: forms.name}, {2: forms.table(forms.anything)})),
     6: forms.name, 7: forms.text(256), 8: forms.list_of(forms.text(), 0, 8), 9: forms.table(forms.anything),
     20: forms.size(16), 21: forms.uint, 22: forms.any_of(forms.one_of(None), forms.name), 23: forms.uint},
    {10: forms.one_of("permit", "deny", "unknown"),
     11: forms.list_of(forms.members({1: forms.text(64)}, {2: forms.text(256), 3: forms.text()}), 1),
     12: forms.list_of(forms.text(), 1), 13: forms.list_of(_duty, 1), 14: forms.table(forms.integer),
     15: forms.table(forms.integer), 16: forms.name,
     17: forms.list_of(forms.members({1: forms.text(64), 2: forms.text()},
                                     {3: forms.text(256), 4: forms.text(256), 5: forms.text(64)}), 1),
     18: forms.uint, 19: forms.text(64),
     24: forms.members({1: forms.name, 2: forms.text(256)}, {3: forms.text()}),
     25: forms.set_of(forms.name, 1, 256)})


def parse_receipt(data):
    """REC-1, REC-9, REC-11."""
    value = cbor.decode(data)
    forms.form(isinstance(value, dict) and 1 in value, "a receipt")
    need(type(value[1]) is not int or value[1] == 1, "version-unknown")
    _receipt(value)
    kind = value[2]
    forms.form((10 in value) == (kind == "decision"), "a verdict")
    forms.form((16 in value) == (kind in ("release", "discharge")), "a decision")
    forms.form((19 in value) == (kind in ("release", "ingest")), "an end")
    forms.form((24 in value) == (kind == "discharge"), "a duty")
    forms.form(25 not in value or kind == "decision", "approvals")
    forms.form(kind != "ingest" or (value[7] == "ingest" and value[8] == []), "an ingest")
    return value


def parse_root(message):
    """A root message over receipts: its signature and statement (BAT-1, BAT-3)."""
    need(len(message) <= 32 * 1024, "input-too-large")
    sign = cose.parse(cbor.decode(message), "receipt root")
    statement = cbor.decode(sign.payload)
    forms.root_statement(statement)
    return sign, statement


def check_root(sign, statement, trust, clock):
    """The signer of a root (REC-5, BAT-4)."""
    signer = trust.find(sign.keys())
    sign.verify(signer.keys, "receipt root", sign.payload)
    need(signer.role == "receipt", "signer-role")
    need(statement[5] == signer.suite, "batch-structure")
    need(signer.in_dates(statement[4]), "signer-dates")
    need(statement[4] <= clock + 300, "receipt-root", "in the future")
    return signer


def fault_of(signer, made, trust, clock):
    """REC-8: why a root that was made then doesn't count, or None."""
    if not trust.counts(signer.suite, clock) or not trust.signing_counts(signer.suite, made):
        return "suite-lapsed"
    return "signer-compromised" if signer.invalid_since is not None else None


class Entry:
    def __init__(self, data, salt):
        self.data = data
        self.salt = salt
        self.value = parse_receipt(data)
        self.name = sha384(data)
        self.rooted_by = None
        self.excused = None  # the code of a root over it that doesn't count

    def report(self):
        previous = self.value[22]
        return {
            "name": "sha384:" + self.name.hex(), "emitter": self.value[20].hex(), "sequence": self.value[21],
            "previous": "sha384:" + previous[1].hex() if previous else None, "time": instant(self.value[23]),
            "rootedBy": self.rooted_by}


def check_log(entries, trust, clock):
    """REC-2 to REC-6, REC-8: a log in order."""
    found, unrooted, last, chains, passed = [], [], None, {}, []
    for data in entries:
        need(len(data) <= 2**20, "input-too-large")  # REC-6, CBR-6
        value = cbor.decode(data)
        forms.form(isinstance(value, list) and value and value[0] in (1, 2) and type(value[0]) is int, "an entry")
        forms.form(len(value) == (3 if value[0] == 1 else 2) and isinstance(value[1], bytes), "an entry")
        if value[0] == 2:
            _root(value[1], unrooted, trust, clock, passed)
            continue
        forms.size(16)(value[2])
        entry = Entry(value[1], value[2])
        _follow(entry, last, chains)
        last = entry.name
        found.append(entry)
        unrooted.append(entry)
    _excuse(found, passed)
    return [entry.report() for entry in found]


def _follow(entry, last, chains):
    emitter, sequence, previous = entry.value[20], entry.value[21], entry.value[22]
    previous = previous[1] if previous else None
    if emitter in chains:
        before = chains[emitter]
        need(sequence == before.value[21] + 1 and previous == before.name, "receipt-chain")  # REC-4
    else:
        need(sequence == 0 and previous == last, "receipt-chain")  # REC-2
    chains[emitter] = entry


def _root(message, unrooted, trust, clock, passed):
    sign, statement = parse_root(message)
    if trust is None:
        return
    signer = check_root(sign, statement, trust, clock)
    over = unrooted[: statement[2]]
    need(statement[2] >= 1 and len(over) == statement[2], "receipt-root")  # REC-5
    algorithm = cose.SUITES[signer.suite].hash
    leaves = [merkle.batch_leaf(algorithm, "writ/1 receipt leaf", one.data, one.salt) for one in over]
    need(merkle.root(algorithm, leaves) == statement[3], "receipt-root")
    need(all(one.value[23] <= statement[4] + 300 for one in over), "receipt-root", "older than a receipt")
    del unrooted[: statement[2]]
    fault = fault_of(signer, statement[4], trust, clock)
    for one in over:
        one.rooted_by = signer.authority if fault is None else None
    if fault:
        passed.append((fault, over))


def _excuse(found, passed):
    """REC-8: a root that doesn't count is passed over where a later one speaks for its receipts."""
    by_name = {one.name: one for one in found}
    spoken = {}  # name -> authority
    for one in reversed(found):
        speaker = one.rooted_by or spoken.get(one.name)
        previous = one.value[22]
        if speaker and previous and previous[1] in by_name:
            spoken.setdefault(previous[1], speaker)
    for fault, over in passed:
        need(all(one.name in spoken for one in over), fault)
        for one in over:
            one.rooted_by = spoken[one.name]


def read_file(data):
    """REC-6: the whole entries of a receipt file, and how many bytes they and the magic take."""
    need(data[:8] == MAGIC, "format-unknown")
    entries, at = [], 8
    while at + 4 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        need(length <= LONGEST_ENTRY, "input-too-large")
        if at + 4 + length > len(data):
            break
        entries.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return entries, at
