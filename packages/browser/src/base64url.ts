// Bytes as the protocol writes them: base64url without padding.

/** The text of some bytes; of keys, signatures and hashes, which are short. */
export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The bytes of a text; throws when it is none, or not in its one form: `atob` also takes others for the same. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.codePointAt(0)!);
  if (toBase64Url(bytes) !== text) throw new Error("not canonical base64url");
  return bytes;
}
