// The grants by which this member may steer the room, or lead in it: its own as the room's owner, those it was given, and the one
// it joined with. Which of them holds is asked each time, since grants end.
import { gives, idsOf, isUnderstood, type OpenEvent, openGrant, type OpenGrant, type Right } from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";

export interface OwnGrants {
  /** The first of its grants that gives it a right, in that channel if the right is about one. */
  readonly grantFor: (right: Right, channel?: string) => string | undefined;
  /** What it shows the relay beside its token: an operator's, else a lead's for the whole room. [JOIN-12] [RIGHT-1] */
  readonly shown: () => string | undefined;
  /** What a token of the relay's stands for: kept, if it is good. [GRANT-6] */
  readonly takeGrant: (jwt: string | undefined) => void;
  /** A grant that was given in the room. [GRANT-8] */
  readonly takeGiven: (event: OpenEvent) => void;
}

/** The place of a lead's grant for the whole room among those for channels. */
const WHOLE_ROOM = "";

/** Creates the keeper of a member's own grants; `isRevoked`: whether an operator took one of these back. [GRANT-10] */
export function createOwnGrants(kernel: Kernel, isRevoked: (ids: readonly string[]) => boolean): OwnGrants {
  const { store, settings, options, roomTime, verifier, me, myKey, room, log, tell } = kernel;

  /** A grant of this member's, if it holds. */
  const open = (jwt: string | undefined): OpenGrant | undefined => {
    const root = kernel.root();
    if (jwt === undefined || root === undefined) return undefined;
    const opened = openGrant(jwt, root, verifier, roomTime.now());
    if (!opened.ok || isRevoked(idsOf(opened.value))) return undefined;
    const { key, room: of, sub = me } = opened.value;
    return key === myKey && of === room && sub === me ? opened.value : undefined;
  };
  const leadIn = (place: string): string | undefined =>
    Object.hasOwn(store.state.leads, place) ? store.state.leads[place]!.jwt : undefined;
  const all = (channel?: string): readonly (string | undefined)[] => [
    options.owner?.grant,
    store.state.grant,
    settings.token,
    leadIn(WHOLE_ROOM),
    ...(channel === undefined ? [] : [leadIn(channel)]),
  ];
  const grantFor: OwnGrants["grantFor"] = (right, channel) =>
    all(channel).find((jwt) => {
      const grant = open(jwt);
      return grant !== undefined && gives(grant, right, channel);
    });

  return {
    grantFor,
    shown: () => grantFor("control") ?? grantFor("card"),
    takeGrant(jwt) {
      if (jwt === undefined || jwt === store.state.grant) return;
      if (open(jwt)?.grant === "operator") store.in({ op: "grant", jwt });
    },
    takeGiven({ head, body }) {
      if (!isUnderstood(head) || kernel.root() === undefined) return;
      const grant = open(body);
      const { key, seq } = head;
      if (grant?.grant === "lead") return takeLead(grant.channel ?? WHOLE_ROOM, body, { key, seq });
      if (grant !== undefined && grant.grant !== "operator" && (grant.may ?? []).length > 0) {
        if (store.state.lent !== body) store.in({ op: "lent", jwt: body }); // lets it let others in [GRANT-9]
        return;
      }
      if (grant?.grant !== "operator" || grantFor("control") === body)
        return log.warn("grant-refused", { id: head.id });
      const { grantBy } = store.state;
      if (grantBy?.key === key && grantBy.seq > seq) return; // an older one that was handed on late
      store.in({ op: "grant", jwt: body, by: { key, seq } });
      tell.controls();
    },
  };

  function takeLead(place: string, jwt: string, by: { readonly key: string; readonly seq: number }): void {
    const known = Object.hasOwn(store.state.leads, place) ? store.state.leads[place] : undefined;
    if (known?.jwt === jwt || (known?.by.key === by.key && known.by.seq > by.seq)) return;
    store.in({ op: "lead", place, jwt, by });
    tell.controls();
    tell.channels();
  }
}
