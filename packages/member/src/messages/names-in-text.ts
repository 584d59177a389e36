// Names with @ inside a text ask nobody: whoever writes one is told, for it looks as if somebody had been asked.
import { isMemberName } from "@agora/protocol";

/** Names told of at most. */
const MAX_TOLD = 5;
/** Not in an address of mail, a path or a scope of a package. */
const NAME = /(?:^|[\s([{,;:"'!?])@([a-z0-9][a-z0-9_-]*)(?![\w/@.-]*[/@])/gi;

/** The members named in `text`, each once, of those that `isKnown`. */
export function namesInText(text: string, isKnown: (name: string) => boolean): readonly string[] {
  const names = new Set<string>();
  for (const [, word = ""] of text.matchAll(NAME)) {
    const name = word.toLowerCase();
    if (isMemberName(name) && isKnown(name)) names.add(name);
    if (names.size === MAX_TOLD) break;
  }
  return [...names];
}
