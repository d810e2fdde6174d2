"""Terms of a layer (spec 3.5), as far as they can be had: the shipped taxonomies aren't part of the spec's text.

Relations between two terms of a shipped taxonomy raise NotAtHand; equal terms, own terms, built-in
terms and taxonomies that a vector brings are decided. Every name of a shipped vocabulary counts as a term.
"""

from logic import FALSE, TRUE, UNKNOWN, Leaf
from request import PREFIXES, expand

DPV = "https://w3id.org/dpv"
DPV_DIGEST = "29bee9a3048ab421"  # begins so wherever a vector shows the document that POL-6 expands
SHIPPED = {value[:-1] for key, value in PREFIXES.items() if key != "writ"}
TRAINING, EMERGENCY = "urn:writ:term:ModelTraining", "urn:writ:term:Emergency"
HEALTH_TRAINING = PREFIXES["sector-health"] + "TrainTestAndEvaluateHealthAlgorithms"


class NotAtHand(Exception):
    pass


class Terms:
    def __init__(self, document, brought):
        self.links = {TRAINING: [], EMERGENCY: []}
        self.shipped, self.lacking = set(), []
        for pinned in document.get("taxonomies", [{"iri": DPV, "digest": "sha384:" + DPV_DIGEST}]):
            held = next((one for one in brought if one["digest"] == pinned["digest"]), None)
            if held:
                for term, broader in held["terms"].items():
                    self.links.setdefault(term, []).extend(broader)
            elif pinned["iri"] == DPV and pinned["digest"].startswith("sha384:" + DPV_DIGEST):
                self.shipped.add(DPV)
            elif pinned["iri"] in SHIPPED and not pinned["digest"].endswith("0" * 16):
                raise NotAtHand("a digest of " + pinned["iri"])
            else:
                self.lacking.append("taxonomy:" + pinned["iri"])  # TAX-5
        for term, broader in document.get("terms", {}).items():
            self.links.setdefault(expand(term), []).extend(expand(one) for one in broader)

    def is_shipped(self, term):
        return term.rpartition("#")[0] in self.shipped and term not in self.links

    def is_term(self, term):
        if self.lacking:
            return Leaf(UNKNOWN, self.lacking)
        return Leaf(TRUE if term in self.links or self.is_shipped(term) else FALSE)

    def below(self, term, other, strictly=False):
        """term ≤ other, or term < other."""
        if self.lacking:
            return Leaf(UNKNOWN, self.lacking)  # PUR-4
        if term == other:
            return Leaf(FALSE if strictly else TRUE)
        reached, queue = {term}, [term]
        while queue:
            for broader in self.links.get(queue.pop(), []):
                if broader not in reached:
                    reached.add(broader)
                    queue.append(broader)
        if other in reached:
            return Leaf(TRUE if other in self.links or self.is_shipped(other) else FALSE)
        if self.is_shipped(other) and any(self.is_shipped(one) for one in reached):
            raise NotAtHand("a relation within a shipped taxonomy")
        return Leaf(FALSE)

    def training(self, term):
        """PUR-5."""
        known = [TRAINING] + ([HEALTH_TRAINING] if HEALTH_TRAINING in self.links else [])
        return [self.below(term, one) for one in known]
