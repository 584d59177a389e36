// Which inputs the property tests (fast-check) draw: the same in each run of the gate, so that it judges a change and not the day's
// luck. AGORA_PROPERTY_SEED=new draws new ones, as each night does; a number draws those of the run that printed it.
import { configureGlobal } from "fast-check";

const seed = process.env["AGORA_PROPERTY_SEED"] ?? "1";
if (seed !== "new") configureGlobal({ seed: Number(seed) });
