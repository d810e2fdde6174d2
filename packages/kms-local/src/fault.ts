/** A refusal as AWS KMS words it: the error name, its message and the HTTP status of the answer. */
export class KmsFault extends Error {
  override readonly name = "KmsFault";
  /** The error name, as in `NotFoundException`. */
  readonly type: string;
  readonly status: number;
  constructor(type: string, message = "", status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** `ValidationException`: the request is understood and breaks a rule on its members. */
export function invalid(message: string): KmsFault {
  return new KmsFault("ValidationException", message);
}

/** `NotFoundException`. */
export function notFound(message: string): KmsFault {
  return new KmsFault("NotFoundException", message);
}

/** `UnsupportedOperationException`: AWS, or this server, has no such thing for that key. */
export function unsupported(message: string): KmsFault {
  return new KmsFault("UnsupportedOperationException", message);
}

/** `InvalidCiphertextException`, which AWS sends without any message. */
export function invalidCiphertext(): KmsFault {
  return new KmsFault("InvalidCiphertextException");
}

/** `InvalidKeyUsageException`: the key is not made for this operation or algorithm. */
export function invalidUsage(message: string): KmsFault {
  return new KmsFault("InvalidKeyUsageException", message);
}

/** `MalformedPolicyDocumentException`. */
export function malformedPolicy(message: string): KmsFault {
  return new KmsFault("MalformedPolicyDocumentException", message);
}
