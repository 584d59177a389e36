// An invite, or a link for a device, may come in the address's fragment, which no server sees. It is removed from the address at once.

/** The name that an invite is bound to; nothing of it is checked, since the form only fills it in. */
export function nameInInvite(invite: string): string | undefined {
  const { token } = readPart(invite.slice("agora1.".length)) as { readonly token?: unknown };
  const [, claims = ""] = typeof token === "string" ? token.split(".") : [];
  const { sub } = readPart(claims) as { readonly sub?: unknown };
  return typeof sub === "string" && /^[a-z0-9][a-z0-9_-]{0,31}$/.test(sub) ? sub : undefined;
}

function readPart(base64url: string): object {
  try {
    const value: unknown = JSON.parse(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The link for a device in this page's address, if there is one. */
export function takeDeviceLink(): string | undefined {
  const link = /^#link=([\w-]*)$/.exec(location.hash)?.[1];
  if (link !== undefined) history.replaceState(null, "", location.pathname);
  return link;
}

/** The invite in this page's address, if there is one. */
export function takeInvite(): string | undefined {
  const invite = /^#invite=(agora1\.[\w-]+)$/.exec(location.hash)?.[1];
  if (invite !== undefined) history.replaceState(null, "", location.pathname);
  return invite;
}
