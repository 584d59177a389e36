// Admission: a code in the address is exchanged for a cookie that no script can read, and is removed from the address at
// once.

/** The result for the code; `none`: there was no code. */
export type Entered = "in" | "refused" | "none";

/** Exchanges the code in this page's address, if there is one. */
export async function enter(): Promise<Entered> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code === undefined) return "none";
  history.replaceState(null, "", location.pathname);
  try {
    const answer = await fetch("./enter", { method: "POST", body: code, headers: { "content-type": "text/plain" } });
    return answer.ok ? "in" : "refused";
  } catch {
    return "refused";
  }
}
