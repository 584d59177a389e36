// Sentences for a person about what others do: the first ones stay, whoever goes on.

const MAX_NOTICES = 20;

export interface Notices {
  /** Says it until it is forgotten; `key` stands for what it is about, and is said once. */
  set(key: string, sentence: string): void;
  forget(key: string): void;
  list(): readonly string[];
}

/** Makes the list, empty. */
export function createNotices(): Notices {
  const sentences = new Map<string, string>();
  return {
    set(key, sentence) {
      if (sentences.has(key) || sentences.size < MAX_NOTICES) sentences.set(key, sentence);
    },
    forget: (key) => void sentences.delete(key),
    list: () => [...sentences.values()],
  };
}
