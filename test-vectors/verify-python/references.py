"""References (spec 1.3)."""

import re

import ingest
from refusal import need


def read(text):
    """CAR-4: the name that a reference says."""
    need(len(text.encode()) <= 200, "input-too-large")
    need(text != "", "input-empty")
    need(text.startswith("writ:"), "format-unknown")
    need(text.startswith("writ:1:"), "version-unknown")
    name = text[len("writ:1:") :]
    need(re.fullmatch("sha384:[0-9a-f]{96}", name), "structure")
    return name


def verify(reference, store, stored, trust, clock):
    """CAR-5: the artifact from the reader's store, with the content that was carried."""
    need(reference is not None, "input-empty")
    name = read(reference)
    need(stored is not None, "input-empty")
    need(name in store, "attachment-missing")
    report = ingest.verify(store[name], trust, clock, stored).report
    need(report["name"] == name, "attachment-missing")
    return {"name": name, "content": report["content"]}
