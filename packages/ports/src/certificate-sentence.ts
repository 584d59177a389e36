// What is wrong with a relay's certificate and what to do, instead of the TLS library's words.

const UNKNOWN_AUTHORITY =
  'nobody this machine trusts vouches for its certificate: if it is yours, name it, or its authority, as "caFile" in settings.json';

const SENTENCES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: "its certificate has expired: ask the relay's owner, and check this machine's clock",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: check this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name: check the relay's address",
};

/** The sentence for a connection error; undefined when it isn't about a certificate. */
export function certificateSentence(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? SENTENCES[error.code] : undefined;
}
