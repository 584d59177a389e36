// Devices that ask to be linked: the person compares six words and says yes or no. The list of words is loaded when somebody asks.
import type { LinkAsker } from "@agora/ipc/messages";
import { harmlessLine, sixWords } from "@agora/protocol";
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { act } from "./acts.ts";
import { isMember, links } from "./room.ts";

const wordlist = signal<readonly string[] | undefined>(undefined);

export function LinkAsks(): VNode | null {
  // A page that comes from the relay decides about no devices.
  const asking = isMember.value
    ? []
    : links.value.flatMap((link) => link.asking.slice(0, 1).map((one) => ({ link, one })));
  const isAsked = asking.length > 0;
  useEffect(() => {
    if (isAsked && wordlist.peek() === undefined)
      void import("@scure/bip39/wordlists/english.js").then((loaded) => (wordlist.value = loaded.wordlist));
  }, [isAsked]);
  return (
    <>
      {asking.map(({ link, one }) => (
        <Ask key={one.print} asker={one} others={link.asking.length - 1} />
      ))}
    </>
  );
}

function Ask({ asker: { print, name }, others }: { readonly asker: LinkAsker; readonly others: number }): VNode | null {
  const list = wordlist.value;
  if (list === undefined) return null;
  const who = harmlessLine(name, 64);
  const say = (yes: boolean): void =>
    void act("decideLink", { print, yes }, yes ? `${who} is your device now.` : `${who} was not linked.`);
  return (
    <div class="banner wait" role="alert">
      <span>
        <strong>{who}</strong> asks to be linked as your device. Say yes only if it shows these six words:{" "}
        <strong>{sixWords(print, list).join(" ")}</strong>.
        {others > 0 && ` ${others} more came by the same link: somebody else may have it.`}
      </span>
      <button type="button" class="primary" onClick={() => say(true)}>
        Yes, the same words
      </button>
      <button type="button" onClick={() => say(false)}>
        No
      </button>
    </div>
  );
}
