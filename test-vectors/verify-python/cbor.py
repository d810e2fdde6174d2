"""Strict deterministic CBOR (spec 2.1, CBR-1 to CBR-6): one reader that refuses everything
outside the data model while it decodes, and the writer for what the verifier encodes itself.

Values: int, bytes, str, list, dict (keys all int or all str), True, False, None.
"""

from refusal import Refused

LARGEST = 2**53 - 1
DEEPEST = 16


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        # CBR-3: a length is held against the bytes that are left before it is used
        if count > len(self.data) - self.at:
            raise Refused("cbor-truncated")
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def head(self):
        """Major type and argument; None as the argument of major type 7's plain values."""
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if major == 6:
            raise Refused("cbor-type", "a tag")
        if major == 7:
            if info in (20, 21, 22):
                return major, info
            raise Refused("cbor-type", "a float or simple value")  # CBR-1
        if info < 24:
            return major, info
        if info in (28, 29, 30):
            raise Refused("cbor-type", "a reserved length")
        if info == 31:
            raise Refused("cbor-indefinite" if major >= 2 else "cbor-type")  # CBR-2
        size = 1 << (info - 24)
        value = int.from_bytes(self.take(size), "big")
        if value < 24 or (size > 1 and value < 1 << (4 * size)):
            raise Refused("cbor-not-shortest")
        return major, value

    def item(self, level):
        if level > DEEPEST:
            raise Refused("cbor-depth")  # CBR-4
        major, value = self.head()
        if major in (0, 1):
            number = value if major == 0 else -1 - value
            if abs(number) > LARGEST:
                raise Refused("cbor-integer")
            return number
        if major == 2:
            return bytes(self.take(value))
        if major == 3:
            return self.text(value)
        if major == 4:
            if value > len(self.data) - self.at:
                raise Refused("cbor-truncated")
            return [self.item(level + 1) for _ in range(value)]
        if major == 5:
            return self.map(value, level)
        return {20: False, 21: True, 22: None}[value]

    def text(self, length):
        raw = bytes(self.take(length))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("cbor-utf8") from None
        if text.startswith("\ufeff"):
            raise Refused("cbor-utf8", "a byte order mark")  # CBR-5
        return text

    def map(self, count, level):
        if 2 * count > len(self.data) - self.at:
            raise Refused("cbor-truncated")
        found = {}
        before, kind = None, None
        for _ in range(count):
            start = self.at
            key = self.item(level + 1)
            if type(key) not in (int, str) or (kind is not None and type(key) is not kind):
                raise Refused("cbor-type", "a key")
            kind = type(key)
            encoded = bytes(self.data[start : self.at])
            if before is not None and encoded <= before:
                raise Refused("cbor-key-order")  # CBR-6
            before = encoded
            found[key] = self.item(level + 1)
        return found


def decode(data):
    """The one item that the bytes hold."""
    reader = _Reader(data)
    value = reader.item(1)
    if reader.at != len(data):
        raise Refused("cbor-trailing")
    return value


def _head(major, value):
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << (8 * size):
            return bytes([major << 5 | info]) + value.to_bytes(size, "big")
    raise ValueError("too large")


def encode(value):
    """The one encoding of a value of the data model."""
    if value is None or value is True or value is False:
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if type(value) is int:
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        raw = value.encode("utf-8")
        return _head(3, len(raw)) + raw
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(encode(entry) for entry in value)
    if isinstance(value, dict):
        members = sorted((encode(key), encode(entry)) for key, entry in value.items())
        return _head(5, len(value)) + b"".join(key + entry for key, entry in members)
    raise TypeError("outside the data model")
