"""The forms of the vectors (test-vectors/README.md): each function gives (expected, found) of a file."""

import base64
import json

import cbor
import children
import content
import cose
import decide
import document
import evidence
import examples
import ingest
import intermediate
import merkle
import receipts
import references
import reports
import trust
from refusal import Refused, need


def _value(value):
    """A decoded value in the JSON form of `cbor/`."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list):
        return [_value(one) for one in value]
    if isinstance(value, dict):
        return {"map": [[_value(key), _value(member)] for key, member in value.items()]}
    return value


def encodings(case, _):
    expected, found = {}, {}
    for one in case["cases"]:
        data = bytes.fromhex(one["hex"])
        key = one["hex"][:60] + f" ({len(data)})"
        expected[key] = one["code"] if "code" in one else [repr(one["value"]), True]
        try:
            value = cbor.decode(data)
            found[key] = [repr(_value(value)), cbor.encode(value) == data]
        except Refused as refusal:
            found[key] = refusal.code
    return expected, found


def floe_case(case, _):
    """Known answers of FLOE: every segment opens under the derived keys."""
    data, size = bytes.fromhex(case["ciphertext"]), case["segmentBytes"]
    floe = content.Floe(bytes.fromhex(case["key"]), bytes.fromhex(case["aad"]), data[:74])
    floe.check_tag()
    pieces = [data[at : at + size] for at in range(74, len(data), size)]
    opened = [floe.open(at, at == len(pieces) - 1, piece) for at, piece in enumerate(pieces)]
    return {"plaintext": case["plaintext"], "segment": size}, {
        "plaintext": b"".join(opened).hex(), "segment": floe.segment_bytes}


def _repeated(plaintext):
    piece = bytes.fromhex(plaintext["repeat"])
    return (piece * (plaintext["sizeBytes"] // len(piece) + 1))[: plaintext["sizeBytes"]]


def _write(written):
    """Stored content as its `written` says, and the FLOE that made it."""
    plaintext = _repeated(written["plaintext"])
    if written["format"] == "opaque":
        return plaintext, None
    aad = content.aad(bytes.fromhex(written["artifactId"]), written["firstIssuer"])
    front = content.PARAMETERS + bytes.fromhex(written["floeIv"])
    floe = content.Floe(bytes.fromhex(written["dataKey"]), aad, front)
    floe.header = front + floe.kdf(floe.data_key, b"HEADER_TAG:", 32)
    room = content.SEGMENT - 32
    pieces = [plaintext[at : at + room] for at in range(0, len(plaintext), room)] or [b""]
    ivs = [bytes.fromhex(one) for one in written["segmentIvs"]]
    stored = floe.header + b"".join(
        floe.seal(at, at == len(pieces) - 1, iv, piece) for at, (iv, piece) in enumerate(zip(ivs, pieces)))
    return stored, floe


def _change(stored, change, floe):
    kind = change["kind"]
    offset = content.HEADER if floe else 0
    segments = [stored[at : at + content.SEGMENT] for at in range(offset, len(stored), content.SEGMENT)]
    if kind == "flip":
        at = change["at"]
        return stored[:at] + bytes([stored[at] ^ change["mask"]]) + stored[at + 1 :]
    if kind == "cut":
        return stored[: change["sizeBytes"]]
    if kind == "append":
        return stored + bytes.fromhex(change["hex"])
    if kind == "segments":
        return stored[:offset] + b"".join(segments[at] for at in change["order"])
    need(kind == "forge", "unknown change")
    forged = floe.seal(change["position"], change["final"], bytes.fromhex(change["iv"]), _repeated(change["plaintext"]))
    segments[change["index"]] = forged
    return stored[:offset] + b"".join(segments)


def _signed_leaves(written, stored, algorithm, root):
    """What the issuer signed: content as it was written or, in the cases `signed-…`, as it was changed."""
    both = []
    for data in (written, stored):
        body = data[content.HEADER :] if data[: len(content.PARAMETERS)] == content.PARAMETERS else data
        leaves = content.leaves_of(algorithm, body)
        both.append([one.hex() for one in leaves])
        if merkle.root(algorithm, leaves) == root:
            return both[-1]
    return both[0]


def _digest(text):
    """`sha384:…` as hash number and bytes."""
    algorithm, _, value = text.partition(":")
    return next(key for key, name in cose.HASHES.items() if name == algorithm), bytes.fromhex(value)


def _content(case):
    """Stored bytes, what is signed, the leaf list, and (expected, found) of the values on the way."""
    written, floe = _write(case["written"])
    stored = written
    for change in case["changes"]:
        stored = _change(stored, change, floe)
    between, reader = case["intermediate"], case["reader"]
    expected, found = {"stored": between["storedSha256"]}, {"stored": content.sha256(written)}
    if floe:
        expected["keys"] = [between["aad"], between["messageKey"], between["firstSegmentKey"]]
        found["keys"] = [floe.aad.hex(), floe.kdf(floe.data_key, b"MESSAGE_KEY:", 48).hex(), floe.key(0).hex()]
    stated = reader["content"]
    root = _digest(stated["root"])
    expected["leaves"] = between["leaves"]
    found["leaves"] = _signed_leaves(written, stored, *root)
    header = bytes.fromhex(stated["floeHeader"]) if "floeHeader" in stated else None
    leaves = bytes.fromhex(reader["leaves"]) if reader["leaves"] is not None else None
    return stored, (stated["format"], stated["sizeBytes"], root, header), leaves, expected, found


def content_case(case, _):
    stored, signed, leaves, expected, found = _content(case)
    expected.update(case["expect"])
    reader, opener, released = case["reader"], None, []
    if "dataKey" in reader:
        aad = content.aad(bytes.fromhex(reader["artifactId"]), reader["firstIssuer"])
        opener = content.Floe(bytes.fromhex(reader["dataKey"]), aad, signed[3] or b"")
    try:
        content.read(stored, signed, leaves, reader["source"] == "stream", opener, released.append)
        plaintext = b"".join(released)
        found["plaintextSha256"], found["plaintextSizeBytes"] = content.sha256(plaintext), len(plaintext)
    except Refused as refusal:
        found["code"], found["releasedBytes"] = refusal.code, sum(map(len, released))
    return expected, found


def range_case(case, _):
    stored, signed, leaves, expected, found = _content(case)
    expected.update(case["expect"])
    reader = case["reader"]
    rely_on = next((key for key, name in cose.HASHES.items() if name == reader["relyOn"]), None)
    rehashed = [_digest(one) for one in reader["rehashed"]]
    try:
        given = content.read_range(
            stored, signed, leaves, reader["range"]["start"], reader["range"]["end"], rely_on, rehashed)
        found["rangeSha256"], found["rangeSizeBytes"] = content.sha256(given), len(given)
    except Refused as refusal:
        found["code"] = refusal.code
    return expected, found


def trust_file(_, path):
    """A trust policy itself: it is read."""
    trust.Trust(path.read_text())
    return {}, {}


def trust_case(case, _):
    if "signed" in case:
        now = trust.seconds(case["now"]) if "now" in case else None
        read = trust.read_signed(base64.b64decode(case["signed"]), case["pinned"], case.get("highestSeen"), now)
    else:
        need("text" in case, "trust-missing")  # TRU-4
        read = trust.Trust(case["text"])
    found = {
        "name": read.name, "sequence": read.sequence, "expires": trust.instant(read.expires),
        "signers": [{"authority": one.authority, "role": one.role, "suite": one.suite} for one in read.signers]}
    return case["expect"], found


def _trust_of(case, path):
    return trust.Trust((path.resolve().parents[1] / "trust" / case["trust"]).read_text())


def artifact_case(case, path):
    policy = _trust_of(case, path)
    clock = trust.seconds(case["now"])
    given = case.get("limits", {})
    limits = {"artifact": given.get("maxArtifactBytes", 2**20), "content": given.get("maxContentBytes", 64 * 2**20)}
    stored = base64.b64decode(case["content"]) if "content" in case else None
    if "carrier" in case:
        artifact, inside = ingest.open_carrier(base64.b64decode(case["carrier"]), limits)
        stored = inside if inside is not None else stored
    else:
        artifact = base64.b64decode(case["artifact"])
    store = [base64.b64decode(one) for one in case.get("store", [])]
    result = ingest.verify(artifact, policy, clock, stored, store, limits["artifact"])
    if "intermediate" in case:
        given = case["intermediate"]
        return {**case["expect"], "on the way": given}, {**result.report, "on the way": intermediate.found(result, given)}
    return case["expect"], result.report


def receipt_case(case, path):
    policy = _trust_of(case, path) if case["trust"] else None
    clock = trust.seconds(case["now"])
    found = {}
    if "file" in case:
        entries, found["wholeBytes"] = receipts.read_file(base64.b64decode(case["file"]))
    else:
        entries = [base64.b64decode(one) for one in case["entries"]]
    found["receipts"] = receipts.check_log(entries, policy, clock)
    return case["expect"], found


def evidence_case(case, path):
    pack = base64.b64decode(case["pack"])
    return case["expect"], evidence.verify(pack, _trust_of(case, path), trust.seconds(case["now"]))


def decision_case(case, _):
    """Verdicts, evaluations that throw, children, empty meets (decisions/README.md)."""
    expected = case["expect"]
    try:
        if "parents" in case:
            return children.expected_children(expected), children.children(case)
        if "emptyMeet" in expected:
            return expected, {"emptyMeet": children.empty_meet(case)}
        return expected, decide.evaluate(case)
    except Refused as refusal:
        return expected, {"error": refusal.code}


def policy_case(case, _):
    """A policy document: its code, or the expanded document and its digest. Pointers aren't compared."""
    expected = {key: value for key, value in case["expect"].items() if key != "pointer"}
    try:
        if "text" in case:
            value = document.parse(case["text"].encode("utf-8", "surrogatepass"))
        else:
            text = json.dumps(case["document"])
            value = document.parse(text.encode() + b" " * (case.get("padToBytes", 0) - len(text)))
        new = document.check(value, case.get("source") == "artifact")
    except Refused as refusal:
        return expected, {"code": refusal.code}
    if "expanded" not in expected:
        return expected, {"expanded": new}
    return expected, {"expanded": new, "sha384": trust.sha384(cbor.encode(new)).hex()}


def example_case(case, _):
    return case["gives"], examples.compute(case)


def report_case(case, path):
    return case["expect"], reports.verify(base64.b64decode(case["report"]), _trust_of(case, path), trust.seconds(case["now"]))


def reference_case(case, path):
    if "artifacts" not in case:
        return case["expect"], {"core": references.read(case["reference"])}
    store = {name: base64.b64decode(one) for name, one in case["artifacts"].items()}
    stored = None if case["content"] is None else base64.b64decode(case["content"])
    clock = trust.seconds(case["now"])
    return case["expect"], references.verify(case["reference"], store, stored, _trust_of(case, path), clock)
