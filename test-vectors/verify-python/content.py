"""Content (spec 2.2 to 2.5): sizes, FLOE, leaf lists, the order of release."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

import cbor
import cose
import merkle
from refusal import Refused, need

SEGMENT = 2**20
HEADER = 74
PARAMETERS = bytes.fromhex("00000010000000000020")


class Floe:
    """The keys of one FLOE content; `header` is parameters, IV and header tag (CON-3)."""

    def __init__(self, data_key, aad, header):
        self.data_key = data_key
        self.aad = aad
        self.header = header
        self.segment_bytes = int.from_bytes(header[2:6], "big")

    def kdf(self, key, purpose, length):
        info = self.header[:42] + purpose + self.aad
        return HKDFExpand(algorithm=hashes.SHA384(), length=length, info=info).derive(key)

    def check_tag(self):
        """CON-6."""
        tag = self.kdf(self.data_key, b"HEADER_TAG:", 32)
        need(hmac.compare_digest(tag, self.header[42:74]), "content-commitment")

    def key(self, position):
        """CON-4."""
        message_key = self.kdf(self.data_key, b"MESSAGE_KEY:", 48)
        first = position >> 20 << 20
        return self.kdf(message_key, b"DEK:" + first.to_bytes(8, "big"), 32)

    def _aad(self, position, final):
        return position.to_bytes(8, "big") + bytes([final])

    def open(self, position, final, segment):
        """CON-5, CON-7: which one is last is known already; the marker must agree."""
        marker = len(segment).to_bytes(4, "big") if final else b"\xff\xff\xff\xff"
        need(segment[:4] == marker, "content-segment", "marker")
        try:
            return AESGCM(self.key(position)).decrypt(segment[4:16], segment[16:], self._aad(position, final))
        except InvalidTag:
            raise Refused("content-segment") from None

    def seal(self, position, final, iv, plaintext):
        marker = (len(plaintext) + 32).to_bytes(4, "big") if final else b"\xff\xff\xff\xff"
        return marker + iv + AESGCM(self.key(position)).encrypt(iv, plaintext, self._aad(position, final))


def aad(artifact_id, first_issuer):
    """CON-1."""
    return cbor.encode(["writ/1 content", artifact_id, first_issuer])


def segment_sizes(form, total):
    """The lengths of the segments that a signed size implies (CON-2, CON-7, CON-8); by arithmetic alone."""
    body = total - HEADER if form == "floe" else total
    if form == "floe":
        whole, rest = divmod(body, SEGMENT)
        # an encrypted segment has 32 bytes beside its plaintext, and an empty one stands only for 0 bytes
        need(body >= 32 and (rest == 0 or rest > 32 or (rest == 32 and whole == 0)), "content-size")
    return -(-body // SEGMENT), body


def check_stated(form, total, header):
    """CON-2, CON-3: what a core may say of floe content."""
    segment_sizes(form, total)
    need(form != "floe" or header[:10] == PARAMETERS, "content-header")


def check_whole(form, total, root, header, data, other_roots=()):
    """ING-8, CON-11: a check of whole content without a key."""
    need(len(data) == total, "content-size")
    if form == "floe":
        need(data[:HEADER] == header, "content-header")  # CON-3
    body = data[HEADER:] if form == "floe" else data
    for algorithm, expected in (root, *other_roots):
        need(merkle.root(algorithm, leaves_of(algorithm, body)) == expected, "content-root")


def leaves_of(algorithm, body):
    return [merkle.leaf(algorithm, body[at : at + SEGMENT]) for at in range(0, len(body), SEGMENT)]


def prepare(stored, signed, leaves, stream):
    """What stands before the first byte: size, header, leaf list (CON-11, CON-12); gives count and leaves."""
    form, total, (algorithm, root), header = signed
    need((form == "floe") == (header is not None), "content-header")
    need(header is None or (len(header) == HEADER and header[:10] == PARAMETERS), "content-header")
    count, _ = segment_sizes(form, total)
    need(stream or len(stored) == total, "content-size")
    size = cose.HASH_BYTES[algorithm]
    if leaves is not None:
        need(len(leaves) == count * size, "content-leaf-list", "length")
        leaves = [leaves[at : at + size] for at in range(0, len(leaves), size)]
        need(merkle.root(algorithm, leaves) == root, "content-leaf-list", "root")
    elif count == 1:
        leaves = [root]  # CON-12
    else:
        need(not stream, "content-leaf-list")
        leaves = leaves_of(algorithm, stored[HEADER if header else 0 :])
        need(merkle.root(algorithm, leaves) == root, "content-root")
    return count, leaves


def read(stored, signed, leaves, stream, floe, release):
    """Reads content and hands each segment's plaintext to `release` (CON-11 to CON-13).

    `signed` is (format, size, (hash, root), header), `leaves` a leaf list or None,
    `stream` says whether the source can be read once only.
    """
    _, total, (algorithm, _), header = signed
    count, leaves = prepare(stored, signed, leaves, stream)
    if header:
        floe.check_tag()
        need(stored[:HEADER] == header, "content-header")
    for position in range(count):
        start = (HEADER if header else 0) + position * SEGMENT
        final = position == count - 1
        end = min(start + SEGMENT, total)
        segment = stored[start:end]
        need(len(segment) == end - start, "content-size", "shorter")
        if final:
            need(len(stored) == total, "content-size", "longer")  # CON-7: held back until the end is seen
        need(merkle.leaf(algorithm, segment) == leaves[position], "content-leaf")
        release(floe.open(position, final, segment) if header else segment)
    need(len(stored) == total, "content-size")


def read_range(stored, signed, leaves, start, end, rely_on, rehashed):
    """CON-15, CON-16: stored bytes without a key, under the hash that the reader relies on."""
    form, total, root, header = signed
    if rely_on is not None:
        root = next((one for one in (root, *rehashed) if one[0] == rely_on), None)
        need(root is not None, "content-root")
    _, leaves = prepare(stored, (form, total, root, header), leaves, False)
    offset = HEADER if header else 0
    need(stored[:offset] == (header or b""), "content-header")
    for position, leaf in enumerate(leaves):
        first = offset + position * SEGMENT
        if first < end and start < first + SEGMENT:
            need(merkle.leaf(root[0], stored[first : first + SEGMENT]) == leaf, "content-leaf")
    return stored[start:end]


def sha256(data):
    return hashlib.sha256(data).hexdigest()
