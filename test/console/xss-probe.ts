// What in a page should not be there, whatever was said to it.
import type { Page } from "playwright-core";

const PROBE = `JSON.stringify({
  ran: globalThis.xss,
  foreign: [...document.querySelectorAll("script, iframe, object, embed, base, meta[http-equiv], form[action], style, link[rel=stylesheet]")]
    .filter((e) => !e.closest("head") && !/(index|member)-[\\w-]+\\.js$/.test(e.src ?? "")).map((e) => e.outerHTML.slice(0, 100)),
  links: [...document.querySelectorAll("a[href]")].map((e) => e.href)
    .filter((h) => !/^(https?|mailto):/.test(h) && !h.startsWith("blob:" + location.origin)),
  pictures: [...document.querySelectorAll("img")].map((e) => e.src)
    .filter((s) => !s.startsWith(location.origin) && !s.startsWith("blob:" + location.origin)),
  handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).length,
  unsafe: [...document.querySelectorAll("a[target=_blank]")].filter((e) => !/noopener/.test(e.rel)).length,
})`;

/** What a page without harm gives. */
export const HARMLESS = { foreign: [], links: [], pictures: [], handlers: 0, unsafe: 0 };

/** Looks for what ran, was loaded, or would be. */
export async function probe(page: Page): Promise<unknown> {
  return JSON.parse(await page.evaluate<string>(PROBE)) as unknown;
}
