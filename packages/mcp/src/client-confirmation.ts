// Asks the person to confirm what a model proposes, in the client's dialog (MCP elicitation). With all permissions granted,
// some clients answer for the person (Codex accepts a dialog with an empty form). A required choice whose first option is no
// can't be filled in by such an answer, and they decline it.
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { ElicitRequestFormParams } from "@modelcontextprotocol/sdk/types.js";
import { harmless } from "@agora/protocol";
import { APPROVAL_TIMEOUT_MS } from "./limits.ts";

/** `cannot-ask`: this client has no dialog. */
export type Confirmation = "approved" | "refused" | "cannot-ask";

/** Asks the person a question and returns the answer. */
export type AskPerson = (question: string) => Promise<Confirmation>;

type Question = ElicitRequestFormParams["requestedSchema"];

const CHOICE: Question = {
  type: "object",
  properties: { decision: { type: "string", title: "Your decision", enum: ["no", "yes"] } },
  required: ["decision"],
};

/** Asks through the client that `server` serves. */
export function createAskPerson(server: Server): AskPerson {
  return async (question) => {
    if (server.getClientCapabilities()?.elicitation === undefined) return "cannot-ask";
    const params = { message: harmless(question), requestedSchema: CHOICE };
    try {
      const { action, content } = await server.elicitInput(params, { timeout: APPROVAL_TIMEOUT_MS });
      return action === "accept" && content?.["decision"] === "yes" ? "approved" : "refused";
    } catch {
      return "refused"; // no answer in time
    }
  };
}
