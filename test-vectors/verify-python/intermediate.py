"""The values on the way that a vector gives for debugging: digests, covered bytes, wraps (RCP-2 to RCP-4)."""

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import cbor
import cose
import forms
import ingest
import merkle
from trust import sha384


def found(result, given):
    """The same values, computed here; of a wrap's secret only RSA and AES-KW blobs are opened."""
    names = {one[1][1] for one in result.layers}
    return {
        "coreDigest": sha384(result.core_bytes).hex(),
        "keysDigest": sha384(result.keys_bytes).hex(),
        "anchors": [_anchor(one, result.roots) for one in result.anchors],
        "policies": _in_order_of(given["policies"], [_policy(name, result.held) for name in names]),
        "wraps": [_wrap(wrap, result) for wrap in given["wraps"]],
    }


def _in_order_of(given, policies):
    """Policies and wraps stand in the order of their writer, which isn't that of the sets."""
    place = {one["name"]: at for at, one in enumerate(given)}
    return sorted(policies, key=lambda one: place.get(one["name"], len(place)))


def _anchor(anchor, roots):
    values = {"statement": anchor.message.hex()}
    if anchor.sign:
        values["covered"] = [one.hex() for one in anchor.sign.covered("anchor", anchor.message)]
    elif anchor.proof and anchor.suite in cose.SUITES:
        sign, root = forms.parse_root(roots[anchor.root_name])
        algorithm = cose.SUITES[anchor.suite].hash
        values["leaf"] = merkle.batch_leaf(algorithm, "writ/1 anchor leaf", anchor.message, anchor.proof[1]).hex()
        values["root"] = root[3].hex()
        values["rootCovered"] = [one.hex() for one in sign.covered("anchor root", sign.payload)]
    return values


def _policy(name, held):
    document, _, sign = held.policy(name)
    digest = sha384(document)
    return {"name": "sha384:" + name.hex(), "documentDigest": digest.hex(),
            "covered": [one.hex() for one in sign.covered("policy", digest)]}


def _wrap(wrap, result):
    """The recipient under which the wrap's data key opens, and its values."""
    for recipient in result.keys[0]:
        if recipient[2] == wrap["custodyUri"]:
            values = _values(recipient, wrap, result)
            if values:
                return values
    return None


def _values(recipient, wrap, result):
    required = {key: wrap["context"][key] for key in result.core[8].get(7, [])}  # stored nowhere: RCP-3
    context = ingest.context_of(result.core, result.layers, recipient, required)
    digest = sha384(cbor.encode(context))
    info = cbor.encode(["writ/1 wrap", result.core[1], None if recipient[5] is None else digest])
    kek = HKDF(algorithm=hashes.SHA384(), length=32, salt=None, info=info).derive(bytes.fromhex(wrap["secret"]))
    try:
        data_key = keywrap.aes_key_unwrap(kek, recipient[4])
        secret = _secret(recipient, wrap)
    except (keywrap.InvalidUnwrap, ValueError):
        return None
    values = {
        "custodyUri": recipient[2], "context": context, "contextDigest": digest.hex(),
        "secret": secret, "info": info.hex(), "kek": kek.hex(), "dataKey": data_key.hex()}
    if "key" in wrap:
        values["key"] = wrap["key"]
    return values


def _secret(recipient, wrap):
    if recipient[1] == "kms-rsa":
        key = serialization.load_der_private_key(bytes.fromhex(wrap["key"]), None)
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        return key.decrypt(recipient[3], oaep).hex()
    if recipient[1] == "kms-wrap-noaad":
        return keywrap.aes_key_unwrap(bytes.fromhex(wrap["key"]), recipient[3]).hex()
    return wrap["secret"]
