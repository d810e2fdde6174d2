"""Terms of a layer (spec 3.5). The shipped taxonomies stand where TAX-1 says, each under the digest of its content."""

import functools
import hashlib
import json
import pathlib

import cbor
from logic import FALSE, TRUE, UNKNOWN, Leaf
from request import PREFIXES, expand

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages" / "evaluator" / "taxonomies"
DPV = "https://w3id.org/dpv"
TRAINING, EMERGENCY = "urn:writ:term:ModelTraining", "urn:writ:term:Emergency"


def digest_of(taxonomy):
    """TAX-1."""
    terms = {term: sorted(set(broader), key=str.encode) for term, broader in taxonomy["terms"].items()}
    content = cbor.encode({"iri": taxonomy["iri"], "version": taxonomy["version"], "terms": terms})
    return "sha384:" + hashlib.sha384(content).hexdigest()


@functools.cache
def shipped():
    """The shipped taxonomies by digest; one that isn't what its digest says is none."""
    listed = json.loads((FOLDER / "shipped.json").read_text())["taxonomies"]
    held = {digest_of(one): one for one in (json.loads((FOLDER / entry["file"]).read_text()) for entry in listed)}
    return {entry["digest"]: held[entry["digest"]] for entry in listed}


def dpv():
    """POL-6: what a document without `taxonomies` pins."""
    digest = next(digest for digest, one in shipped().items() if one["iri"] == DPV)
    return {"iri": DPV, "version": "2.3", "digest": digest}


@functools.cache
def training_terms():
    """PUR-5: the closed list of the operation table's file."""
    return json.loads((FOLDER / "operations.json").read_text())["trainingTerms"]


class Terms:
    def __init__(self, document, brought):
        self.links = {TRAINING: [], EMERGENCY: []}
        self.lacking = []
        for pinned in document.get("taxonomies", [dpv()]):
            held = next((one for one in brought if one["digest"] == pinned["digest"]), shipped().get(pinned["digest"]))
            if held is None:
                self.lacking.append("taxonomy:" + pinned["iri"])  # TAX-5
                continue
            for term, broader in held["terms"].items():
                self.links.setdefault(term, []).extend(broader)
        for term, broader in document.get("terms", {}).items():
            self.links.setdefault(expand(term), []).extend(expand(one) for one in broader)

    def is_term(self, term):
        if self.lacking:
            return Leaf(UNKNOWN, self.lacking)
        return Leaf(TRUE if term in self.links else FALSE)

    def below(self, term, other, strictly=False):
        """term ≤ other, or term < other."""
        if self.lacking:
            return Leaf(UNKNOWN, self.lacking)  # PUR-4
        if term == other:
            return Leaf(FALSE if strictly else TRUE)
        reached, queue = {term}, [term]
        while queue:
            for broader in self.links.get(queue.pop(), []):
                if broader not in reached and broader in self.links:  # TAX-2: none outside the layer
                    reached.add(broader)
                    queue.append(broader)
        return Leaf(TRUE if other in reached else FALSE)

    def training(self, term):
        """PUR-5."""
        return [self.below(term, one) for one in training_terms() if one == TRAINING or one in self.links]
