// Before the first test: builds what the tests run, unless it is there, and tells the workers where it is.
import { builtOnce } from "../scripts/built-once.ts";

export async function setup(): Promise<void> {
  process.env["AGORA_BUILT"] = await builtOnce();
}
