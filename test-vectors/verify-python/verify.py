#!/usr/bin/python3
"""A second reader of Writ, written from the spec alone, run over the test vectors.

    python3 test-vectors/verify-python/verify.py [-v] [--folder DIR | FILE…]

Needs the package `cryptography` (Debian: python3-cryptography). Without arguments it reads every
set of vectors, with --folder the sets that stand in DIR; it prints per set how many it agrees with, disagrees with and can't judge, and why.
It ends with 1 on a disagreement. `-v` prints every case.
"""

import collections
import json
import pathlib
import sys

sys.dont_write_bytecode = True
try:
    import cases
    import cose
except ModuleNotFoundError as missing:
    sys.exit(f"{missing}: install python3-cryptography, or run the Python that has it")
from refusal import Refused

VECTORS = pathlib.Path(__file__).resolve().parents[1]
SETS = {
    "cbor": cases.encodings,
    "content": cases.content_case,
    "ranges": cases.range_case,
    "floe": cases.floe_case,
    "trust": cases.trust_file,
    "trust/cases": cases.trust_case,
    "artifacts": cases.artifact_case,
    "receipts": cases.receipt_case,
    "reports": cases.report_case,
    "references": cases.reference_case,
    "evidence": cases.evidence_case,
    "examples": cases.example_case,
    "policies": cases.policy_case,
    "decisions": cases.decision_case,
}


def differences(expected, found):
    if isinstance(expected, dict) and isinstance(found, dict) and "code" not in expected:
        keys = [key for key in {**expected, **found} if expected.get(key) != found.get(key)]
        return "; ".join(f"{key}: expected {expected.get(key)!r}, found {found.get(key)!r}" for key in keys)
    return f"expected {expected!r}, found {found!r}"


def judge(path, run):
    """('agreed' | 'disagreed' | 'not judged', why) for one file."""
    case = json.loads(path.read_text())
    cose.skipped.clear()
    try:
        expected, found = run(case, path)
    except Refused as refusal:
        expected, found = case.get("expect", {}), {"code": refusal.code, "why": str(refusal)}
    skipped = sorted(set(cose.skipped))
    if "code" in expected and found.get("code") == expected["code"] and "stored" not in expected:
        same = True
    else:
        same = expected == found
    if skipped:
        return "not judged", ", ".join(skipped) + (
            ", the rest agrees" if same else ", and without it: " + differences(expected, found)[:200])
    return ("agreed", "") if same else ("disagreed", differences(expected, found)[:600])


def set_of(path):
    folder = path.resolve().parent
    for name in SETS:
        if folder.parts[-len(name.split("/")):] == tuple(name.split("/")):
            return name
    return None


def main(arguments):
    verbose, folder = "-v" in arguments, VECTORS
    files = [pathlib.Path(one) for one in arguments if one != "-v"]
    if arguments[:1] == ["--folder"]:
        folder, files = files[1], files[2:]
    if not files:
        files = [path for name in SETS for path in sorted((folder / name).glob("*.json"))]
    tally, notes = collections.defaultdict(collections.Counter), collections.defaultdict(list)
    for path in files:
        name = set_of(path)
        if name is None:
            print(f"{path}: of no set that is read here")
            continue
        outcome, why = judge(path, SETS[name])
        tally[name][outcome] += 1
        if outcome == "not judged":
            notes[name, why.partition(", and without")[0]].append(path.stem)
        if outcome == "disagreed" or verbose or "and without" in why:
            print(f"{outcome}: {name}/{path.name} {why}")
    for name, counts in tally.items():
        print(f"{name}: {counts['agreed']} agreed, {counts['disagreed']} disagreed, {counts['not judged']} not judged")
        for (where, why), names in notes.items():
            if where == name:
                print(f"  not judged: {why}: {', '.join(names)}")
    return 1 if any(counts["disagreed"] for counts in tally.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
