// Identifiers: how they are made and what they look like. An id says nothing about its event; it is only unique.

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base32: no i, l, o, u to misread
const ID = /^[0-9a-hjkmnp-tv-z]{8,40}$/;

/** A new id of 20 characters (100 random bits): its prefix is short enough to type, and no two ever collide. */
export function newId(
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (b) => crypto.getRandomValues(b),
): string {
  const bytes = random(new Uint8Array(20));
  let id = "";
  for (const byte of bytes) id += ALPHABET[byte & 31];
  return id;
}

/** Whether `id` has the shape of an event id. */
export function isId(id: string): boolean {
  return ID.test(id);
}
