"""The one exception of the verifier: a refusal with a code of spec 9."""


class Refused(Exception):
    def __init__(self, code, why=""):
        super().__init__(code + (": " + why if why else ""))
        self.code = code


def need(holds, code, why=""):
    if not holds:
        raise Refused(code, why)
