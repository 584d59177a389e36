import { expect, it } from "vitest";
import { ONCE_REQUESTS } from "./messages.ts";
import { requestSchemas } from "./request-schemas.ts";

it("the requests that are named are those whose schemas take the caller's id", () => {
  const taking = Object.entries(requestSchemas).flatMap(([name, schema]) => ("once" in schema.shape ? [name] : []));
  expect(taking.sort()).toEqual([...ONCE_REQUESTS].sort());
});
