// An invite may come in the address's fragment, which no server sees. It is removed from the address at once.

/** The invite in this page's address, if there is one. */
export function takeInvite(): string | undefined {
  const invite = /^#invite=(agora1\.[\w-]+)$/.exec(location.hash)?.[1];
  if (invite !== undefined) history.replaceState(null, "", location.pathname);
  return invite;
}
