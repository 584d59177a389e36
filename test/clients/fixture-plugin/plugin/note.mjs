// A command hook for the start and the end of a session: records its input and surroundings.
// At the start it also gives the model a primer.
import { text } from "node:stream/consumers";
import { record, surroundings } from "./record.mjs";

const input = JSON.parse(await text(process.stdin));
record(input.hook_event_name, { input, surroundings: surroundings() });
if (input.hook_event_name === "SessionStart") {
  const additionalContext = `FIXTURE-PRIMER ${input.source}`;
  console.log(JSON.stringify({ hookSpecificOutput: { hookEventName: "SessionStart", additionalContext } }));
}
