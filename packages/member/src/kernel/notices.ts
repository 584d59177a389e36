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

/** Makes the list, empty. */
export function createNotices(): Notices {
  const sentences = new Map<string, string>();
  return {
    set: (key, sentence) => void sentences.set(key, sentence),
    setCaused(key, sentence) {
      if (sentences.has(key) || sentences.size < MAX_CAUSED) sentences.set(key, sentence);
    },
    forget: (key) => void sentences.delete(key),
    list: () => [...sentences.values()],
  };
}
