"""The worked examples (spec 15): each computation again, from what an example gives."""

import base64
import hashlib
import hmac
import json
import zlib

from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import cbor
import content
import cose
import merkle
from trust import sha384

JOSE = {"EdDSA": -19, "Ed25519": -19, "ES256": -9, "ES384": -51, "ML-DSA-65": -49, "ML-DSA-87": -50}


def raw(value):
    """Hex as bytes, in lists and maps too; numbers and null stay."""
    if isinstance(value, str):
        return bytes.fromhex(value)
    return [raw(one) for one in value] if isinstance(value, list) else value


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def name(given):
    return {"name": sha384(raw(given["bytes"]))}


def names(given):
    return {"names": [sha384(one) for one in raw(given["items"])]}


def thumbprint(given):
    algorithm, public = given["alg"], raw(given["publicKey"])
    return {"coseKey": cose.cose_key(algorithm, public), "thumbprint": cose.thumbprint(algorithm, public)}


def leaf(given):
    encoded = cbor.encode([given["label"], raw(given["message"]), raw(given["salt"])])
    return {"encoded": encoded, "leaf": merkle.leaf(given["hash"], encoded)}


def path_of(algorithm, leaves, index):
    """The inclusion path of RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return path_of(algorithm, left, index) + [merkle.root(algorithm, right)]
    return path_of(algorithm, right, index - split) + [merkle.root(algorithm, left)]


def tree(given):
    leaves = raw(given["leaves"])
    return {"root": merkle.root(given["hash"], leaves), "path": path_of(given["hash"], leaves, given["index"])}


def batched_anchor(given):
    root = sha384(raw(given["rootMessage"]))
    proof = {1: raw(given["salt"]), 2: given["treeSize"], 3: given["index"], 4: raw(given["path"]), 5: [-43, root]}
    return {"rootName": root, "anchor": cbor.encode({1: raw(given["statement"]), 2: proof})}


def cose_sign(given, gives):
    """The signatures aren't made again but verified."""
    use, payload = given["use"], raw(given["payload"])
    body = cbor.encode({16: "application/vnd.writ." + use.replace(" ", "-")})
    found = {"externalAad": ("writ/1 " + use).encode(), "bodyProtected": body, "signerProtected": [], "covered": []}
    entries, signatures = [], raw(gives["signatures"])
    for key, signature in zip(given["keys"], signatures):
        public = raw(key["publicKey"])
        signer = cbor.encode({1: key["alg"], 4: cose.thumbprint(key["alg"], public)})
        covered = cose.covered(body, signer, use, payload)
        cose.verify_one(key["alg"], public, covered, signature)
        found["signerProtected"].append(signer)
        found["covered"].append(covered)
        entries.append([signer, {}, signature])
    found["signatures"] = signatures
    attached = None if use in ("anchor", "policy") else payload
    found["message"] = cbor.encode([body, {}, attached, entries])
    return found


def _earlier(given):
    return cbor.encode([[raw(one["anchor"]), raw(one["root"]) if one["root"] else None] for one in given])


def anchors_name(given):
    encoded = _earlier(given["anchors"])
    return {"encoded": encoded, "name": sha384(encoded)}


def statement(given):
    algorithm = cose.SUITES[given["suite"]].hash
    encoded = _earlier(given["earlier"])
    core, keys, earlier = (cose.digest(algorithm, one) for one in (raw(given["core"]), raw(given["keys"]), encoded))
    members = {1: 1, 2: given["kind"], 3: raw(given["artifactId"]), 4: len(given["earlier"]), 5: algorithm, 6: core,
               7: keys, 8: raw(given["contentRoot"]), 9: earlier, 10: given["issuedAt"], 11: given["suite"]}
    optional = {12: given.get("verdict"), 13: given.get("reason")}
    members.update({key: value for key, value in optional.items() if value is not None})
    return {"hash": algorithm, "coreDigest": core, "keysDigest": keys, "earlierEncoded": encoded,
            "earlierDigest": earlier, "statement": cbor.encode(members)}


def artifact(given):
    core, keys, anchors = raw(given["core"]), raw(given["keys"]), raw(given["anchors"])
    head = cbor.encode([core, keys, anchors])
    whole = cbor.encode(["writ", 1, core, keys, anchors, raw(given["attachments"])])
    return {"head": head, "headDigest": sha384(head), "artifact": whole}


def envelope(given):
    held = raw(given["artifact"])
    return {"envelope": bytes.fromhex("89575249540d0a01") + len(held).to_bytes(4, "big") + held + raw(given["content"])}


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jws(given, gives):
    """STS-2, STS-9."""
    payload = _base64url(given["payload"].encode())
    signed = [_base64url(one.encode()) + "." + payload for one in given["protected"]]
    token = gives["token"]
    if len(signed) == 1:
        signatures = [token.rsplit(".", 1)[1]]
        built = signed[0] + "." + signatures[0]
    else:
        signatures = [one["signature"] for one in json.loads(token)["signatures"]]
        entries = [{"protected": one.split(".")[0], "signature": s} for one, s in zip(signed, signatures)]
        built = json.dumps({"payload": payload, "signatures": entries}, separators=(",", ":"))
    for key, one, protected, signature in zip(given["keys"], signed, given["protected"], signatures):
        assert JOSE[json.loads(protected)["alg"]] == key["alg"]
        signature = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        cose.verify_one(key["alg"], raw(key["publicKey"]), one.encode(), signature)
    found = {"signed": signed, "token": built}
    if "values" in gives:
        stated = json.loads(given["payload"])["status_list"]
        packed = stated["lst"]
        packed = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        bits, number = stated["bits"], len(gives["values"])
        found["bytes"] = packed
        found["values"] = [packed[at * bits // 8] >> at * bits % 8 & (1 << bits) - 1 for at in range(number)]
    return found


def floe(given):
    front = content.PARAMETERS + raw(given["headerIv"])
    made = content.Floe(raw(given["dataKey"]), raw(given["aad"]), front)

    def info(purpose):
        return front + purpose + made.aad

    tag = made.kdf(made.data_key, b"HEADER_TAG:", 32)
    made.header = front + tag
    segment = made.seal(0, True, raw(given["segmentIv"]), raw(given["plaintext"]))
    stored = made.header + segment
    hashed = merkle.leaf(-16, segment)
    return {
        "parameters": content.PARAMETERS, "headerTagInfo": info(b"HEADER_TAG:"), "headerTag": tag,
        "messageKeyInfo": info(b"MESSAGE_KEY:"), "messageKey": made.kdf(made.data_key, b"MESSAGE_KEY:", 48),
        "segmentKeyInfo": info(b"DEK:" + bytes(8)), "segmentKey": made.key(0), "segmentAad": bytes(8) + b"\x01",
        "segment": segment, "stored": stored, "sizeBytes": len(stored), "leaf": hashed, "root": hashed}


def segment_key(given):
    made = content.Floe(b"", raw(given["aad"]), content.PARAMETERS + raw(given["headerIv"]))
    first = given["position"] >> 20 << 20
    purpose = b"DEK:" + first.to_bytes(8, "big")
    return {"first": first, "segmentKeyInfo": made.header + purpose + made.aad,
            "segmentKey": made.kdf(raw(given["messageKey"]), purpose, 32)}


def context(given):
    policies = sorted(cbor.encode([-43, one]) for one in raw(given["policies"]))
    encoded = cbor.encode([cbor.decode(one) for one in policies])
    pairs = {**given["pairs"], **given.get("required", {}), "writ-policy": _base64url(hashlib.sha256(encoded).digest())}
    if "batchId" in given:
        pairs["writ-batch"] = given["batchId"]
    else:
        pairs["writ-artifact"] = _base64url(raw(given["artifactId"]))
    whole = cbor.encode(pairs)
    return {"policySet": encoded, "writPolicy": pairs["writ-policy"], "context": whole, "contextDigest": sha384(whole)}


def _hkdf(secret, info, length):
    return HKDF(algorithm=hashes.SHA384(), length=length, salt=None, info=info).derive(secret)


def wrap(given):
    info = cbor.encode(["writ/1 wrap", raw(given["artifactId"]), raw(given["bound"]) if given["bound"] else None])
    kek = _hkdf(raw(given["secret"]), info, 32)
    return {"info": info, "kek": kek, "wrappedKey": keywrap.aes_key_wrap(kek, raw(given["dataKey"]))}


def keystore_keys(given):
    """CUS-21."""
    found = {}
    for use, member, length in (("seal", "sealKey", 32), ("mac", "macKey", 32), ("check", "check", 16)):
        found[use + "Info"] = info = cbor.encode(["writ/1 keystore", raw(given["salt"]), use])
        found[member] = _hkdf(raw(given["input"]), info, length)
    return found


def keystore_key(given):
    """CUS-22."""
    aad = cbor.encode(["writ/1 local key", raw(given["salt"]), given["name"], raw(given["keyId"]), given["type"]])
    sealed = AESGCM(raw(given["sealKey"])).encrypt(raw(given["iv"]), raw(given["secret"]), aad)
    return {"aad": aad, "sealed": sealed}


def keystore_file(given):
    """CUS-20, CUS-23: a file of one key."""
    protection = {1: given["protection"], 2: raw(given["salt"]), 3: raw(given["check"])}
    body = cbor.encode([{1: given["name"], 2: raw(given["keyId"]), 3: given["type"], 4: given["createdAt"], 5: given["state"],
                         6: raw(given["iv"]), 7: raw(given["sealed"])}])
    front = ["writ keystore", 1, protection, body]
    return {"file": cbor.encode(front + [hmac.digest(raw(given["macKey"]), cbor.encode(front), "sha384")])}


def keystore_wrap(given):
    """CUS-24."""
    aad = cbor.encode(["writ/1 local wrap", given["name"], given["context"]])
    sealed = AESGCM(raw(given["key"])).encrypt(raw(given["iv"]), raw(given["secret"]), aad)
    return {"aad": aad, "blob": b"\x01" + raw(given["keyId"]) + raw(given["iv"]) + sealed}


def layer_set(given):
    members = (("policy", 1, lambda one: [-43, raw(one)]), ("parameters", 2, dict), ("via", 3, list))
    layers = [{key: make(layer[member]) for member, key, make in members if member in layer} for layer in given["layers"]]
    encoded = cbor.encode([cbor.decode(one) for one in sorted(map(cbor.encode, layers))])
    return {"encoded": encoded, "digest": sha384(encoded)}


def document(given):
    encoded = cbor.encode(given["document"])
    return {"document": encoded, "digest": sha384(encoded)}


def policy_message(given):
    message = cbor.encode([raw(given["document"]), cbor.decode(raw(given["signature"]))])
    return {"message": message, "name": sha384(message)}


def report(given):
    encoded = [cbor.encode(["writ/1 report leaf", one]) for one in raw(given["entries"])]
    leaves = [merkle.leaf(given["hash"], one) for one in encoded]
    return {"encoded": encoded, "leaves": leaves, "root": merkle.root(given["hash"], leaves)}


def request(given):
    encoded = cbor.encode(given["request"])
    return {"encoded": encoded, "digest": sha384(encoded)}


def content_aad(given):
    return {"aad": content.aad(raw(given["artifactId"]), given["firstIssuer"])}


def compute(case):
    """What the example's computation gives, as hex."""
    run = globals()[case["computation"].replace("-", "_")]
    verifies = case["computation"] in ("cose-sign", "jws")
    return plain(run(case["given"], case["gives"]) if verifies else run(case["given"]))
