"""The forms of artifact.cddl: each is a function that refuses a value outside its bounds (ART-3 to ART-7).

`parse_core`, `parse_keys`, `parse_anchor`, `parse_attachment` … decode bytes and check them.
"""

import cbor
import cose
from content import check_stated
from refusal import Refused, need

OPERATIONS = ("read transform aggregate derive infer train profile log store copy share disclose transfer "
              "export anonymise pseudonymise delete declassify delegate").split()
BLOBS = {  # RCP-11: lengths of the blob and the era of each
    "kem": {1120: "hybrid", 1088: "pq", 1568: "pq"},
    "kms-kem": {1120: "hybrid", 1088: "pq", 1568: "pq"},
    "kms-rsa": {256: "classical", 384: "classical", 512: "classical"},
    "kms-wrap-noaad": {40: "pq"},
}


def form(holds, why=""):
    need(holds, "structure", why)


def one_of(*values):
    return lambda value: form(any(type(value) is type(one) and value == one for one in values), str(value))


def uint(value, most=cbor.LARGEST):
    form(type(value) is int and 0 <= value <= most, "uint")


def up_to(most):
    return lambda value: uint(value, most)


def integer(value):
    form(type(value) is int, "int")


def text(most=2048):
    """text<n>: 1 to n UTF-16 code units."""
    return lambda value: form(isinstance(value, str) and 0 < len(value.encode("utf-16-le")) // 2 <= most, "text")


def size(least, most=None):
    return lambda value: form(isinstance(value, bytes) and least <= len(value) <= (most or least), "bytes")


bare = size(32, 64)


def digest(value):
    """ART-5."""
    form(isinstance(value, list) and len(value) == 2, "digest")
    form(type(value[0]) is int and value[0] in cose.HASHES, "digest")
    size(cose.HASH_BYTES[value[0]])(value[1])


def name(value):
    """ART-6."""
    digest(value)
    form(value[0] == -43, "a name is SHA-384")


def any_of(*forms):
    def check(value):
        for one in forms:
            try:
                return one(value)
            except Refused:
                pass
        form(False, "none of the alternatives")

    return check


def list_of(entry, least=0, most=65536):
    def check(value):
        form(isinstance(value, list) and least <= len(value) <= most, "list")
        for one in value:
            entry(one)

    return check


def in_order(values):
    """ART-4."""
    encoded = [cbor.encode(one) for one in values]
    need(all(left < right for left, right in zip(encoded, encoded[1:])), "set-order")


def set_of(entry, least=0, most=65536):
    def check(value):
        list_of(entry, least, most)(value)
        in_order(value)

    return check


def table(entry, least=1, most=65536):
    """A map with texts as keys."""

    def check(value):
        form(isinstance(value, dict) and least <= len(value) <= most, "map")
        for key, member in value.items():
            form(isinstance(key, str), "key")
            entry(member)

    return check


def anything(_):
    pass


def members(required, optional=None):
    """A map with integer keys: every required member, some optional ones, nothing else (ART-3)."""
    optional = optional or {}

    def check(value):
        form(isinstance(value, dict), "a map")
        form(all(key in value for key in required), "a member missing")
        for key, member in value.items():
            form(key in required or key in optional, "an unknown member")
            (required.get(key) or optional[key])(member)

    return check


layer = members({1: name}, {
    2: table(any_of(text(512), integer, one_of(True, False)), 1, 64),
    3: set_of(one_of(*OPERATIONS), 1)})
status = members({1: text(), 2: uint})
source_reference = members({1: size(16), 2: name, 3: name, 4: one_of("parent", "superseded")})
content = members(
    {1: one_of("floe", "opaque"), 2: uint, 3: digest}, {4: size(74), 5: text(256), 6: text()})
custody_rule = members({}, {
    1: set_of(text(64), 1), 2: set_of(text(128), 1), 3: set_of(text(64), 1), 4: set_of(text(64), 1),
    5: set_of(text(64), 1), 6: table(text(384), 1, 8), 7: set_of(text(128), 1, 8)})


def list_or_name(entries):
    """A list, or the name of a long list: a name is an array that begins with an integer."""

    def check(value):
        form(isinstance(value, list), "a list or a name")
        (name if value and type(value[0]) is int else entries)(value)

    return check


def is_name(value):
    return bool(value) and type(value[0]) is int


core = members(
    {1: size(16), 2: uint, 3: uint, 4: text(), 5: text(), 6: content, 7: list_or_name(set_of(layer, 1, 64)),
     8: custody_rule,
     9: members(
         {1: one_of("seal", "adopt", "amend", *OPERATIONS), 2: list_or_name(set_of(source_reference, 0, 256)),
          3: list_or_name(set_of(name)), 4: text()},
         {5: set_of(name, 1), 6: table(anything), 7: text(256)}),
     10: set_of(status)},
    {11: source_reference, 12: set_of(text(256), 1), 13: table(anything, 1, 64)})


def parse_core(data):
    value = cbor.decode(data)
    core(value)
    content_, lineage = value[6], value[9]
    operation, sources = lineage[1], lineage[2]
    # ART-7
    form((content_[1] == "floe") == (4 in content_), "a header exactly with floe")
    check_stated(content_[1], content_[2], content_.get(4))  # CON-2, CON-3
    form((11 in value) == (value[2] > 0) == (operation == "amend"), "supersedes")
    form(11 not in value or value[11][4] == "superseded", "role of supersedes")
    form(is_name(sources) or all(one[4] == "parent" for one in sources), "role of parents")
    form(operation not in ("seal", "adopt", "amend") or sources == [], "parents")
    form(value[2] > 0 or value[4] == value[5], "the first issuer")
    form(operation != "adopt" or content_[1] == "opaque", "an adoption is opaque")  # ADO-1
    form(5 not in lineage or operation in ("amend", "declassify"), "approvals")  # APR-7
    if 12 in value:  # ART-8
        form(all(one in value.get(13, {}) for one in value[12]), "crit names no member of ext")
        raise Refused("crit-unknown")
    return value


def recipient(value):
    """RCP-1, RCP-2, RCP-11."""
    members({1: one_of("kms-symmetric", *BLOBS), 2: text(), 3: size(1, 6144), 4: size(40),
             5: any_of(one_of(None), size(48))},
            {6: text(), 7: text(256), 8: text(64), 9: text(64)})(value)
    form((value[1] == "kms-symmetric") == (value[5] is None), "bound")
    form(value[1] == "kms-symmetric" or len(value[3]) in BLOBS[value[1]], "the length of a blob")


exposure = members({1: one_of("classical-wrap", "classical-transport"), 2: text(), 3: uint})


def parse_keys(data):
    value = cbor.decode(data)
    form(isinstance(value, list) and len(value) == 2, "keys")
    set_of(recipient, 0, 64)(value[0])
    list_of(exposure)(value[1])
    return value


statement = members(
    {1: one_of(1), 2: one_of("seal", "cover", "rehash", "rewrap"), 3: size(16), 4: up_to(4095), 5: integer, 6: bare,
     7: bare, 8: digest, 9: bare, 10: uint, 11: text(64)},
    {12: one_of("valid", "expired", "unknown"), 13: text(512)})
batch_proof = members({1: size(16), 2: up_to(2**32), 3: up_to(2**32), 4: list_of(bare, 0, 32), 5: name})
root_statement = members({1: size(16), 2: up_to(65536), 3: bare, 4: uint, 5: text(64)})


class Anchor:
    """An anchor whose form was checked (ANC-1, ANC-2)."""

    def __init__(self, data):
        self.data = data
        value = cbor.decode(data)
        members({1: lambda one: form(isinstance(one, bytes)), 2: anything})(value)
        self.message = value[1]
        self.statement = cbor.decode(value[1])
        statement(self.statement)
        self.suite = self.statement[11]
        self.proof = self.sign = None
        if isinstance(value[2], dict):
            batch_proof(value[2])
            self.proof = value[2]
        else:
            known = self.suite in cose.SUITES  # ANC-10: of other evidence nothing is read
            form(isinstance(value[2], list) or not known, "neither a signature nor a proof")
            self.sign = cose.parse(value[2], "anchor") if known else None

    @property
    def root_name(self):
        return self.proof[5][1] if self.proof else None


def parse_anchors(values):
    list_of(lambda one: form(isinstance(one, bytes), "an anchor"), 1, 4096)(values)
    return [Anchor(one) for one in values]


def parse_root(data):
    """A root message and its statement (BAT-1, BAT-3)."""
    need(len(data) <= 32 * 1024, "input-too-large", "a root message")
    sign = cose.parse(cbor.decode(data), "anchor root")
    value = cbor.decode(sign.payload)
    root_statement(value)
    return sign, value


def parse_source(data):
    """ATT-2."""
    value = cbor.decode(data)
    form(isinstance(value, list) and len(value) == 2 and isinstance(value[0], bytes), "a source")
    return value[0], parse_core(value[0]), parse_anchors(value[1])


def parse_long_list(data, entry, least, most):
    """ART-9."""
    value = cbor.decode(data)
    form(isinstance(value, list), "a long list")
    need(len(value) >= least, "long-list-form")
    set_of(entry, least, most)(value)
    return value


approval = members(
    {1: one_of(1), 2: set_of(name, 1, 256), 3: text(256), 6: text(), 7: uint, 8: uint, 9: size(16)},
    {4: name, 5: members({1: name, 2: text(256)})})


def parse_approval(data):
    """APR-1."""
    sign = cose.parse(cbor.decode(data), "approval")
    value = cbor.decode(sign.payload)
    approval(value)
    form((4 in value) != (5 in value), "layers or a duty")
    return sign, value


def _texts_only(value):
    form(not isinstance(value, bytes), "bytes in a document")
    if isinstance(value, dict):
        form(all(isinstance(key, str) for key in value), "a key that is no text")
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _texts_only(one)


def parse_policy(data):
    """POM-1: the document's bytes, the document, its signature."""
    need(len(data) <= 256 * 1024, "input-too-large", "a policy message")
    value = cbor.decode(data)
    form(isinstance(value, list) and len(value) == 2 and isinstance(value[0], bytes), "a policy message")
    document = cbor.decode(value[0])
    form(isinstance(document, dict), "a document")
    _texts_only(document)
    form(all(isinstance(document.get(one), str) and document[one] for one in ("id", "authority")), "id, authority")
    form(document.get("classification", "public") in ("public", "internal", "confidential", "restricted"))
    return value[0], document, cose.parse(value[1], "policy")
