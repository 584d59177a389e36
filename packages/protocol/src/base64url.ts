// Bytes as the protocol writes them: base64url without padding.

/** Encodes bytes; used for keys, signatures and hashes, which are short. */
export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Decodes a text; throws when it isn't base64url in canonical form: `atob` also accepts other spellings. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.codePointAt(0)!);
  if (toBase64Url(bytes) !== text) throw new Error("not canonical base64url");
  return bytes;
}
