// Linking this browser: it shows six words, and waits for the yes on the first device. Loaded when a link is opened, since nobody else
// needs any of it.
import { type BrowserLink, type LinkedIdentity, type LinkProgress, openBrowserLink } from "@agora/browser/link-device";
import { lockTab } from "@agora/browser/tab-lock";
import { ok, parseRelayAddress, type Result, sixWords } from "@agora/protocol";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { type Signal, signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { OtherTab, TrustNote } from "./join-form.tsx";
import { VERSION } from "./version.ts";

const MINUTE_MS = 60_000;
const TICK_MS = 5_000;

type Show = (page: VNode) => void;

/**
 * Shows linking until this browser is a device of whoever made the link; gives who it is then. What goes wrong stays on the page.
 *
 * @param word the link in the address, or undefined for the one that was waited by
 */
export async function linkBrowser(word: string | undefined, show: Show): Promise<Result<LinkedIdentity | "already">> {
  const relay = parseRelayAddress(location.origin.replace(/^http/, "ws"));
  if (!relay.ok) return relay;
  const opened = await openBrowserLink(word, relay.value, VERSION);
  if (!opened.ok) {
    show(<NotLinked why={opened.message} />);
    return new Promise(() => undefined);
  }
  if (opened.value === "already") return ok("already");
  return ok(await linked(opened.value, show, false));
}

/** Waits by the link in this tab alone. */
async function linked(link: BrowserLink, show: Show, insist: boolean): Promise<LinkedIdentity> {
  const lock = await lockTab(link.room, link.name, insist);
  return new Promise((resolve) => {
    if (lock === undefined)
      return show(<OtherTab name={link.name} use={() => void linked(link, show, true).then(resolve)} />);
    const progress = signal<LinkProgress>({ at: "reaching" });
    void lock.taken.then(() => {
      link.stop();
      lock.release();
      show(<OtherTab name={link.name} use={() => location.reload()} />);
    });
    const start = (): void =>
      link.start((now) => {
        progress.value = now;
        if (now.at === "over") show(<NotLinked why={now.why} />);
        if (now.at !== "linked") return;
        link.stop();
        lock.release();
        resolve(now.identity);
      });
    show(<LinkPage link={link} progress={progress} start={start} />);
  });
}

function LinkPage({
  link,
  progress,
  start,
}: {
  readonly link: BrowserLink;
  readonly progress: Signal<LinkProgress>;
  readonly start: () => void;
}): VNode {
  const { name, room, called, before, print } = link;
  const [isStarted, setStarted] = useState(before === undefined);
  useEffect(() => {
    if (isStarted) start();
  }, [isStarted]);
  return (
    <main class="locked join">
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>Link this browser</h1>
      <p>
        It becomes one more device of <strong>@{name}</strong> in {room}, called “{called}”.
      </p>
      {isStarted ? (
        <>
          <ol class="six-words" aria-label="Six words to compare">
            {sixWords(print, wordlist).map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ol>
          <p role="status">{statusWords(progress.value)}</p>
          <TimeLeft link={link} />
        </>
      ) : (
        <>
          <p class="note bad">{before !== undefined && beforeWords(before, link)}</p>
          <button type="button" class="primary" onClick={() => setStarted(true)}>
            Link it
          </button>
        </>
      )}
      <button type="button" onClick={() => void link.forget().then(() => location.reload())}>
        Do not link it
      </button>
      <TrustNote />
    </main>
  );
}

function beforeWords(before: NonNullable<BrowserLink["before"]>, { name, room }: BrowserLink): string {
  if (before.name === name && before.room === room)
    return `This browser is @${name} in ${room} already, with keys of its own. Linking replaces them, and what it kept of the room.`;
  return `This browser is @${before.name} in ${before.room} already. Once it is linked it opens as @${name} in ${room}: go on only if you made this link yourself.`;
}

function TimeLeft({ link }: { readonly link: BrowserLink }): VNode {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.max(1, Math.ceil((link.endsAt() - now) / MINUTE_MS));
  return (
    <p class="dim">
      The link holds for {minutes} more minute{minutes === 1 ? "" : "s"}. This page may be reloaded meanwhile.
    </p>
  );
}

function statusWords(now: LinkProgress): string {
  switch (now.at) {
    case "reaching":
      return now.why === undefined ? "Reaching the relay …" : `The relay is not reached yet: ${now.why}`;
    case "away":
      return "Your first device is not in the room: agora has to run there. This page goes on trying.";
    case "asked":
      return "Does your first device show these six words? Then say yes there. If it shows others, say no: somebody else has your link.";
    case "linked":
      return "Linked: the room opens.";
    case "over":
      return now.why;
  }
}

function NotLinked({ why }: { readonly why: string }): VNode {
  return (
    <main class="locked join">
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>Not linked</h1>
      <p role="alert">{why}</p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        Go on without it
      </button>
    </main>
  );
}
