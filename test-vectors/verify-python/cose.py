"""Suites, keys and COSE_Sign (spec 1.4).

ML-DSA isn't in every `cryptography` (Debian 12's has none). Without it such a signature is held to its length
and then taken as good, and `skipped` says so; the caller reports what depended on it as not judged.
"""

import hashlib
from collections import namedtuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:
    mldsa = None

import cbor
from refusal import Refused, need

ED25519, ESP256, ESP384, MLDSA65, MLDSA87 = -19, -9, -51, -49, -50
HASHES = {-16: "sha256", -43: "sha384", -44: "sha512"}
HASH_BYTES = {-16: 32, -43: 48, -44: 64}

Suite = namedtuple("Suite", "algorithms hash era")
SUITES = {
    "ed25519": Suite([ED25519], -16, "classical"),
    "p256": Suite([ESP256], -16, "classical"),
    "p384": Suite([ESP384], -43, "classical"),
    "ed25519+mldsa65": Suite([ED25519, MLDSA65], -43, "hybrid"),
    "p384+mldsa65": Suite([ESP384, MLDSA65], -43, "hybrid"),
    "p384+mldsa87": Suite([ESP384, MLDSA87], -43, "hybrid"),
    "mldsa65": Suite([MLDSA65], -43, "pq"),
    "mldsa87": Suite([MLDSA87], -44, "pq"),
}
ERAS = ["classical", "hybrid", "pq"]
SIGNATURE_BYTES = {ED25519: 64, ESP256: 64, ESP384: 96, MLDSA65: 3309, MLDSA87: 4627}
PUBLIC_BYTES = {ED25519: 32, ESP256: 65, ESP384: 97, MLDSA65: 1952, MLDSA87: 2592}
CURVES = {
    ESP256: (ec.SECP256R1(), hashes.SHA256(), 1, 32, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    ESP384: (ec.SECP384R1(), hashes.SHA384(), 2, 48,
             0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973),
}

skipped = []  # what was taken as good since the last clear(): names of algorithms


def digest(algorithm, data):
    return hashlib.new(HASHES[algorithm], data).digest()


def cose_key(algorithm, public):
    """COS-4: the COSE_Key of the required members."""
    if algorithm == ED25519:
        key = {1: 1, -1: 6, -2: public}
    elif algorithm in CURVES:
        size = CURVES[algorithm][3]
        key = {1: 2, -1: CURVES[algorithm][2], -2: public[1 : 1 + size], -3: public[1 + size :]}
    else:
        key = {1: 7, 3: algorithm, -1: public}
    return cbor.encode(key)


def thumbprint(algorithm, public):
    return hashlib.sha256(cose_key(algorithm, public)).digest()


def check_public_key(algorithm, public):
    """TRU-3: a public key of its algorithm in the raw encoding of CUS-8."""
    need(len(public) == PUBLIC_BYTES[algorithm], "key-mismatch")
    if algorithm in CURVES:
        need(public[0] == 4, "key-mismatch")
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(CURVES[algorithm][0], public)
        except ValueError:
            raise Refused("key-mismatch", "not on the curve") from None


def verify_one(algorithm, public, message, signature):
    """SUI-3, SUI-4."""
    need(len(signature) == SIGNATURE_BYTES[algorithm], "signature-invalid", "length")
    try:
        if algorithm == ED25519:
            ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        elif algorithm in CURVES:
            curve, hash_, _, size, order = CURVES[algorithm]
            r, s = (int.from_bytes(part, "big") for part in (signature[:size], signature[size:]))
            need(s <= order // 2, "signature-invalid", "s in the upper half")
            key = ec.EllipticCurvePublicKey.from_encoded_point(curve, public)
            key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hash_))
        else:
            _verify_ml_dsa(algorithm, public, message, signature)
    except InvalidSignature:
        raise Refused("signature-invalid") from None


def _verify_ml_dsa(algorithm, public, message, signature):
    """RFC 9964: the message itself, an empty context."""
    if mldsa is None:
        skipped.append("ML-DSA")
        return
    kind = mldsa.MLDSA65PublicKey if algorithm == -49 else mldsa.MLDSA87PublicKey
    try:
        key = kind.from_public_bytes(public)
    except UnsupportedAlgorithm:
        skipped.append("ML-DSA")
        return
    key.verify(signature, message)


def covered(body, signer, use, payload):
    """COS-3: the bytes that a signature is over."""
    return cbor.encode(["Signature", body, signer, ("writ/1 " + use).encode(), payload])


class Sign:
    """A COSE_Sign whose form was checked."""

    def __init__(self, body, payload, signatures):
        self.body = body
        self.payload = payload
        self.signatures = signatures  # (protected, algorithm, kid, signature)

    def keys(self):
        return [(one[1], one[2]) for one in self.signatures]

    def covered(self, use, payload):
        return [covered(self.body, one[0], use, payload) for one in self.signatures]

    def verify(self, keys, use, payload):
        for (protected, algorithm, _, signature), key in zip(self.signatures, keys):
            verify_one(algorithm, key[2], covered(self.body, protected, use, payload), signature)


def _header(protected):
    need(isinstance(protected, bytes), "cose-structure")
    header = cbor.decode(protected) if protected else {}  # COS-1: no bytes are an empty header
    need(isinstance(header, dict), "cose-structure")
    return header


def parse(value, use):
    """COS-1, COS-2, COS-5: the closed form of a COSE_Sign of one use."""
    need(isinstance(value, list) and len(value) == 4, "cose-structure")
    body, unprotected, payload, entries = value
    typ = "application/vnd.writ." + use.replace(" ", "-")
    need(_header(body) == {16: typ}, "cose-structure", "typ")
    need(unprotected == {} and isinstance(unprotected, dict), "cose-structure", "unprotected")
    need(payload is None or isinstance(payload, bytes), "cose-structure")
    need((payload is None) == (use in ("anchor", "policy")), "cose-structure", "payload")  # COS-3
    need(isinstance(entries, list) and 1 <= len(entries) <= 4, "cose-structure", "signers")
    signatures = []
    for entry in entries:
        need(isinstance(entry, list) and len(entry) == 3, "cose-structure")
        header = _header(entry[0])
        need(list(header) == [1, 4], "cose-structure", "headers")
        need(type(header[1]) is int and header[1] in SIGNATURE_BYTES, "cose-structure", "alg")
        need(isinstance(header[4], bytes) and len(header[4]) == 32, "cose-structure", "kid")
        need(isinstance(entry[1], dict) and entry[1] == {}, "cose-structure", "unprotected")
        need(isinstance(entry[2], bytes), "cose-structure")
        signatures.append((entry[0], header[1], header[4], entry[2]))
    need(len({one[2] for one in signatures}) == len(signatures), "cose-structure", "a key twice")
    return Sign(body, payload, signatures)


def verified_signer(sign, use, payload, trust):
    """The signer of the trust policy whose signatures these are (TRU-5, SUI-1, SUI-3)."""
    signer = trust.find(sign.keys())
    trust.named(signer.suite)  # SUI-5, before any cryptography
    sign.verify(signer.keys, use, payload)
    return signer
