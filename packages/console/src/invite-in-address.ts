// An invite may come in the fragment of the address, which no server sees. It leaves the address at once.

/** The invite of this page's address, if it has one. */
export function takeInvite(): string | undefined {
  const invite = /^#invite=(agora1\.[\w-]+)$/.exec(location.hash)?.[1];
  if (invite !== undefined) history.replaceState(null, "", location.pathname);
  return invite;
}
