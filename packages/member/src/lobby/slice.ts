// Invites, and who asks to be let in.
import { folds, type Slice } from "../kernel/slice.ts";
import { foldLobby, LOBBY_OPS, type LobbyRecord, type LobbyState, noLobby } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly lobby: LobbyState;
  }
  interface InRecords {
    readonly lobby: LobbyRecord;
  }
}

export const lobbySlice: Slice = {
  empty: () => ({ lobby: noLobby() }),
  in: folds(LOBBY_OPS, ({ lobby }, record) => foldLobby(lobby, record)),
};
