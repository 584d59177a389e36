// The room's card as every reader folds it: of one author the highest seq counts, of several the latest word, so that any order
// of arrival gives the same card. Signatures and grants were checked before.
import { isLaterControl, type SignedEvent } from "@agora/protocol";

/** A card that somebody set. */
export interface HeldCard {
  /** Whose word it is. */
  readonly key: string;
  readonly author: string;
  readonly time: number;
  readonly seq: number;
  readonly sealed: SignedEvent;
}

/** The latest card of each author, by key; plain JSON. */
export type HeldCards = Record<string, HeldCard>;

/** Authors whose cards are kept; those set longest ago are forgotten. */
export const MAX_CARDS = 16;

/** Folds one card into those that are known, in place. [CARD-3] */
export function foldCard(cards: HeldCards, card: HeldCard): HeldCards {
  const known = cards[card.key];
  if (known !== undefined && !isLaterControl(card, known)) return cards;
  cards[card.key] = card;
  const keys = Object.keys(cards);
  if (keys.length > MAX_CARDS) delete cards[keys.reduce((a, b) => (isLaterControl(cards[a]!, cards[b]!) ? b : a))];
  return cards;
}

/** The card that counts among those whose authors `counts` lets count. [CARD-3] */
export function latestCard(cards: HeldCards, counts: (card: HeldCard) => boolean): HeldCard | undefined {
  return Object.values(cards)
    .filter(counts)
    .reduce<HeldCard | undefined>(
      (last, card) => (last === undefined || isLaterControl(card, last) ? card : last),
      undefined,
    );
}
