// What may stand on a room's card: texts that show as they are, and addresses without secrets.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readBody } from "./bodies.ts";
import { cardSchema, isRepositoryLabel, isRepositoryUrl } from "./card.ts";

const repository = { url: "https://github.com/acme/shop", label: "shop" };
const read = (card: object) => readBody(cardSchema, JSON.stringify(card));

test("a card has a title, a purpose and repositories, each within its bounds [CARD-1]", () => {
  const card = { title: "The shop", purpose: "Orders.", repositories: [repository] };
  expect(read({ ...card, more: 1 })).toEqual(card);
  expect(read({})).toEqual({});
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ ...repository, label: `r${n}` }));
  expect(read({ repositories: many(50) })).toBeDefined();
  const wrong: readonly object[] = [
    { title: "" },
    { title: "x".repeat(101) },
    { title: "two\nlines" },
    { title: "turned \u202E round" },
    { title: " spaced" },
    { purpose: "x".repeat(501) },
    { repositories: many(51) },
    { repositories: [repository, { ...repository, url: "https://example.org" }] },
    { repositories: [{ ...repository, label: "a b" }] },
    { repositories: [{ label: "shop" }] },
  ];
  for (const one of wrong) expect(read({ ...card, ...one })).toBeUndefined();
});

test("an address of a repository holds no secret, runs nothing, and is one that git knows [CARD-2]", () => {
  const good = [
    "https://github.com/acme/shop",
    "https://git.example.org:8443/a/b.git",
    "ssh://git@git.example.org/a/b.git",
    "ssh://git.example.org:2222/a.git",
    "git://git.example.org/a.git",
    "git@github.com:acme/shop.git",
    "https://xn--bcher-kva.example/a",
  ];
  const bad = [
    "http://github.com/acme/shop",
    "https://user@github.com/acme/shop",
    "https://user:secret@github.com/acme/shop",
    "https://ghp_0123456789@github.com/acme/shop",
    "ssh://git:secret@git.example.org/a",
    "https://github.com/acme/shop?token=x",
    "https://github.com/acme/shop#x",
    "https://github.com/a b",
    "https://github.com/\u202Ex",
    "https://b\u00FCcher.example/a",
    "file:///etc/passwd",
    "ext::sh -c touch% /tmp/x",
    "javascript:alert(1)",
    "ssh://-oProxyCommand=x/a",
    "git@-oProxyCommand=x:a",
    "git@github.com:-x",
    "git@github.com:a?token=x",
    "--upload-pack=x",
    "/home/alice/shop",
    "shop",
    "",
    `https://github.com/${"x".repeat(500)}`,
  ];
  expect(good.filter((url) => !isRepositoryUrl(url))).toEqual([]);
  expect(bad.filter((url) => isRepositoryUrl(url))).toEqual([]);
  fc.assert(
    fc.property(
      fc.webUrl({ withQueryParameters: false }),
      fc.stringMatching(/^[a-z]{1,8}(:[a-z]{1,8})?$/),
      (url, user) => {
        expect(isRepositoryUrl(url.replace(/^https?:\/\//, `https://${user}@`))).toBe(false);
      },
    ),
  );
  expect(["shop", "a.b_c-1", "A"].every(isRepositoryLabel)).toBe(true);
  expect(["", "-x", ".x", "a b", "x".repeat(41), "é"].some(isRepositoryLabel)).toBe(false);
});
