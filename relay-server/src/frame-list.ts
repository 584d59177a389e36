// The frames to send to one connection in this turn, as a path in a trie. Connections given the same frames in the same
// order are at the same node, so their bytes are joined once and share a buffer.

/** A list of frames; lists with the same frames, made from the same empty one, are the same object. */
export class FrameList {
  /** The total bytes of its frames. */
  readonly bytes: number;
  readonly #before: FrameList | undefined;
  readonly #frame: Buffer | undefined;
  #lastFrame: Buffer | undefined;
  #lastNext: FrameList | undefined;
  #otherNext: Map<Buffer, FrameList> | undefined;
  #joined: Buffer | undefined;

  private constructor(before: FrameList | undefined, frame: Buffer | undefined) {
    this.#before = before;
    this.#frame = frame;
    this.bytes = (before?.bytes ?? 0) + (frame?.length ?? 0);
    // A single frame needs no copy to become a buffer.
    if (before?.bytes === 0) this.#joined = frame;
  }

  /** A new empty list; the lists made from it are freed with it, so make one for each turn. */
  static empty(): FrameList {
    return new FrameList(undefined, undefined);
  }

  /** This list plus one frame. */
  plus(frame: Buffer): FrameList {
    if (this.#lastFrame === frame && this.#lastNext !== undefined) return this.#lastNext;
    let next = this.#otherNext?.get(frame);
    if (next === undefined) {
      next = new FrameList(this, frame);
      if (this.#lastFrame !== undefined && this.#lastNext !== undefined) {
        this.#otherNext ??= new Map();
        this.#otherNext.set(this.#lastFrame, this.#lastNext);
      }
    }
    this.#lastFrame = frame;
    this.#lastNext = next;
    return next;
  }

  /** All frames in one buffer. Everybody who asks gets the same buffer, so nobody may write into it. */
  joined(): Buffer {
    if (this.#joined !== undefined) return this.#joined;
    const whole = Buffer.allocUnsafe(this.bytes);
    let end = this.bytes - (this.#frame?.length ?? 0);
    if (this.#frame !== undefined) whole.set(this.#frame, end);
    // Backwards, until an existing joined buffer covers everything before.
    for (let list = this.#before; list !== undefined; list = list.#before) {
      const part = list.#joined ?? list.#frame;
      if (part === undefined) break;
      end -= part.length;
      whole.set(part, end);
      if (list.#joined !== undefined) break;
    }
    this.#joined = whole;
    return whole;
  }
}
