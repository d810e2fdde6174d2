"""Trust policies (spec 5.1): JSON text, schema, signers with their keys, the signed form (TRU-7)."""

import base64
import calendar
import hashlib
import json
import pathlib
import re
import time

import cbor
import cose
import schema
from refusal import Refused, need

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "trust.schema.json"
LEVELS = ["public", "internal", "confidential", "restricted"]
RECIPIENT_KEYS = {"ml-kem-768": (1184, 1152), "ml-kem-1024": (1568, 1536), "x-wing": (1216, 1152)}


def seconds(instant):
    """An instant YYYY-MM-DDTHH:MM:SSZ as seconds since the epoch; a date that doesn't exist is refused."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", instant, re.ASCII)
    need(found, "trust-schema", "an instant")
    year, month, day, hour, minute, second = map(int, found.groups())
    need(1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 4, month)[1], "trust-schema", "no such date")
    return calendar.timegm((year, month, day, hour, minute, second))


def instant(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def parse_json(text):
    """JSON in which no object names a member twice (TRU-1)."""

    def members(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "json-duplicate-member")
        return dict(pairs)

    def constant(_):
        raise ValueError("no JSON")

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=constant)
    except (ValueError, RecursionError):
        raise Refused("json-invalid") from None
    need(_depth(value) <= 64, "json-invalid", "levels")
    return value


def _depth(value):
    """Levels of objects and arrays."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, (dict, list))]:
        depth += 1
        level = [item for one in level for item in (one.values() if isinstance(one, dict) else one)]
    return depth


def base64url(text):
    """The bytes of base64url without padding, in its one spelling (TRU-3, TRU-13)."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Refused("key-mismatch", "base64url") from None
    need(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text, "key-mismatch", "base64url")
    return raw


class Signer:
    def __init__(self, entry):
        self.authority = entry["authority"]
        self.suite = entry["suite"]
        self.role = entry["role"]
        self.scope = entry.get("scope")
        self.trusted_time = entry.get("trustedTime") is True
        self.not_before = seconds(entry["notBefore"]) if "notBefore" in entry else None
        self.not_after = seconds(entry["notAfter"]) if "notAfter" in entry else None
        self.invalid_since = seconds(entry["invalidSince"]) if "invalidSince" in entry else None
        need(self.suite in cose.SUITES, "trust-schema", "a suite that isn't known")
        algorithms = cose.SUITES[self.suite].algorithms
        need(len(entry["keys"]) == len(algorithms), "trust-schema", "keys of the suite")  # TRU-3
        # TRU-2: who has a scope, who is trusted for time
        need(self.scope is None or self.role in ("issue", "policy", "derive", "status", "hold"), "trust-schema")
        need(self.scope is not None or self.role not in ("status", "hold"), "trust-schema")
        need(not self.trusted_time or self.role in ("issue", "anchor"), "trust-schema")
        self.keys = []
        for algorithm, key in zip(algorithms, entry["keys"]):
            public = base64url(key["publicKey"])
            cose.check_public_key(algorithm, public)
            thumbprint = cose.thumbprint(algorithm, public)
            need(thumbprint.hex() == key["thumbprint"], "trust-schema", "a thumbprint")
            self.keys.append((algorithm, thumbprint, public))

    def in_dates(self, at):
        """TRU-6."""
        return (self.not_before is None or self.not_before <= at) and (self.not_after is None or at < self.not_after)

    def in_scope(self, text):
        return self.scope is None or any(text.startswith(prefix) for prefix in self.scope)


class Trust:
    def __init__(self, text):
        self.text = text
        document = parse_json(text)
        whole = json.loads(SCHEMA.read_text())
        need(schema.fits(document, whole, whole), "trust-schema")  # TRU-1
        self.document = document
        self.name = document.get("name")
        self.sequence = document["sequence"]
        self.expires = seconds(document["expires"])
        self.suites = {
            name: tuple(seconds(dates[kind]) if kind in dates else None for kind in ("signUntil", "verifyUntil"))
            for name, dates in document["suites"].items()}
        self.required = [
            (seconds(one["from"]), one["suites"], one.get("authorities", 1), one["stage"])
            for one in document.get("required", [])]
        self.demands = document.get("demands", [])
        self.accepts_unknown = document.get("acceptUnknownLaterAnchors") is True
        self.signers = [Signer(entry) for entry in document["signers"]]
        prints = [key[1] for signer in self.signers for key in signer.keys]
        need(len(set(prints)) == len(prints), "trust-schema", "a key in two signers")  # TRU-2
        self._check_lists()
        self._check_recipient_keys()

    def _check_lists(self):
        """TRU-12: a URI has one kind of speaker, and a host ends with a slash."""
        prefixes = {role: [p for s in self.signers if s.role == role for p in s.scope] for role in ("status", "hold")}
        for one in prefixes["status"]:
            for other in prefixes["hold"]:
                need(not one.startswith(other) and not other.startswith(one), "trust-schema")
        for prefix in prefixes["status"] + prefixes["hold"]:
            need(not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*", prefix, re.DOTALL), "trust-schema")

    def _check_recipient_keys(self):
        """TRU-13."""
        entries = self.document.get("recipientKeys", [])
        need(len({entry["uri"] for entry in entries}) == len(entries), "trust-schema", "a URI twice")
        for entry in entries:
            for member in ("notBefore", "notAfter"):
                if member in entry:
                    seconds(entry[member])
            public = base64url(entry["publicKey"])
            length, packed = RECIPIENT_KEYS[entry["kind"]]
            need(len(public) == length, "key-mismatch")
            for at in range(0, packed, 3):  # two coefficients of 12 bits in 3 bytes, low bits first
                both = int.from_bytes(public[at : at + 3], "little")
                need(both & 0xFFF < 3329 and both >> 12 < 3329, "key-mismatch", "a coefficient")

    def find(self, keys):
        """TRU-5: the one signer that has exactly these (algorithm, thumbprint), in order."""
        for signer in self.signers:
            if [key[:2] for key in signer.keys] == keys:
                return signer
        raise Refused("signer-unknown")

    def named(self, suite):
        """SUI-5: a suite that the trust policy doesn't name."""
        need(suite in self.suites, "suite-lapsed", "not named")

    def signing_counts(self, suite, at):
        """SUI-5: the suite is named and its signUntil lies ahead."""
        until = self.suites.get(suite, (None, None))[0]
        return suite in self.suites and (until is None or at < until)

    def signing_accepted(self, suite, at):
        need(self.signing_counts(suite, at), "suite-lapsed")

    def counts(self, suite, judged):
        """SUI-5: the suite is accepted at the time of judgement."""
        until = self.suites.get(suite, (None, None))[1]
        return suite in self.suites and (until is None or judged < until)


def read_signed(message, pinned, highest, now):
    """TRU-7, TRU-15: the text of the signed form, under a root that is pinned by its public keys."""
    sign = cose.parse(cbor.decode(message), "trust")
    need(sign.payload is not None, "cose-structure")
    keys = []
    for one in pinned:
        public = base64.b64decode(one["publicKey"])
        keys.append((one["alg"], cose.thumbprint(one["alg"], public), public))
    need([key[:2] for key in keys] == sign.keys(), "signer-unknown")
    sign.verify(keys, "trust", sign.payload)
    try:
        text = sign.payload.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("json-invalid") from None
    trust = Trust(text)
    if highest is None:
        need(trust.expires - now <= 90 * 86_400, "trust-sequence")
    else:
        need(trust.sequence >= highest, "trust-sequence")
    return trust


def sha384(data):
    return hashlib.sha384(data).digest()
