import { expect, test } from "vitest";
import { notReached } from "./client.ts";

test("a socket that may not be used names the sandbox, and nothing is started in its place", () => {
  for (const word of ["EPERM", "EACCES"])
    expect(notReached(word)).toMatchObject({
      code: "refused",
      message: expect.stringContaining("sandbox") as string,
    });
  expect(["ENOENT", "ECONNREFUSED", ""].map((word) => notReached(word).code)).toEqual(["gone", "gone", "gone"]);
});
