// Sentences that a person should see.

/** Sentences about what others can cause without end: the first ones stay. */
const MAX_CAUSED = 20;

export interface Notices {
  /** Says it until it is forgotten; `key` stands for what it is about, and is said once. */
  set(key: string, sentence: string): void;
  /** The same for what others cause as often as they like: beyond a number of sentences nothing is added. */
  setCaused(key: string, sentence: string): void;
  forget(key: string): void;
  list(): readonly string[];
}

/** Creates the list, empty; `changed` is called when it reads otherwise. */
export function createNotices(changed: () => void = () => undefined): Notices {
  const sentences = new Map<string, string>();
  const set = (key: string, sentence: string): void => {
    if (sentences.get(key) === sentence) return;
    sentences.set(key, sentence);
    changed();
  };
  return {
    set,
    setCaused(key, sentence) {
      if (sentences.has(key) || sentences.size < MAX_CAUSED) set(key, sentence);
    },
    forget(key) {
      if (sentences.delete(key)) changed();
    },
    list: () => [...sentences.values()],
  };
}
