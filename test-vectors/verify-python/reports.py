"""Reports of a campaign (spec 7.5)."""

import cbor
import cose
import forms
import merkle
from receipts import fault_of
from refusal import need
from trust import instant

OUTCOMES = ["anchored", "current", "planned", "set-aside", "quarantined", "not-reached"]
MOST = 67108864

_statement = forms.members(
    {1: forms.one_of(1), 2: forms.size(16), 3: forms.text(4096), 4: forms.text(64), 5: forms.one_of("commit", "dry-run"),
     6: forms.uint, 7: forms.uint, 8: forms.one_of("complete", "limit", "aborted", "interrupted"), 10: forms.uint,
     11: forms.uint, 12: forms.up_to(MOST), 13: forms.bare, 14: forms.list_of(forms.uint, 6, 6)},
    {9: forms.text(64)})
_entry = forms.members(
    {1: forms.text(4096), 2: forms.one_of(*OUTCOMES), 3: forms.up_to(1000)},
    {4: forms.size(16), 5: forms.name, 6: forms.name, 7: forms.text(64), 8: forms.text(1024)})


def parse(data):
    """RAN-15, RAN-16: signature, statement, encoded entries and entries."""
    value = cbor.decode(data)
    need(isinstance(value, list) and value and value[0] == "writ-report", "format-unknown")
    need(len(value) < 2 or type(value[1]) is not int or value[1] == 1, "version-unknown")
    forms.form(len(value) == 4 and value[1] == 1 and isinstance(value[2], bytes), "a report")
    forms.list_of(lambda one: forms.form(isinstance(one, bytes)), 0, MOST)(value[3])
    sign = cose.parse(cbor.decode(value[2]), "report")
    statement = cbor.decode(sign.payload)
    _statement(statement)
    entries = [cbor.decode(one) for one in value[3]]
    for one in entries:
        _entry(one)
    return sign, statement, value[3], entries


def verify(data, trust, clock):
    """RAN-17."""
    need(clock < trust.expires, "trust-expired")
    sign, statement, encoded, entries = parse(data)
    signer = cose.verified_signer(sign, "report", sign.payload, trust)
    need(signer.role in ("anchor", "issue"), "signer-role")
    end = statement[7]
    need(signer.in_dates(end), "signer-dates")
    fault = fault_of(signer, end, trust, clock)
    need(fault is None, fault)
    need(end <= clock + 300, "report-root", "in the future")
    algorithm = cose.SUITES[signer.suite].hash
    leaves = [merkle.leaf(algorithm, cbor.encode(["writ/1 report leaf", one])) for one in encoded]
    counts = [sum(one[2] == outcome for one in entries) for outcome in OUTCOMES]
    need(statement[4] == signer.suite, "report-root", "suite")
    need(statement[12] == len(entries) and statement[13] == merkle.root(algorithm, leaves), "report-root")
    need(statement[14] == counts, "report-root", "counts")
    found = {
        "authority": signer.authority, "campaign": statement[2].hex(), "corpus": statement[3], "suite": statement[4],
        "mode": statement[5], "startedAt": instant(statement[6]), "endedAt": instant(end), "ended": statement[8],
        "trustSequence": statement[10], "signCalls": statement[11], "counts": statement[14],
        "entries": [{"path": one[1], "outcome": one[2], "attempts": one[3]} for one in entries]}
    if 9 in statement:
        found["endedCode"] = statement[9]
    return found
