// A peer's text as Markdown, safe by construction: the tokens of a well-maintained parser become our own elements one by
// one. No text ever becomes HTML, nothing is loaded from elsewhere, and the page's policy forbids both as well.
import { harmless, readMessageLink } from "@agora/protocol";
import { Lexer, type Token, type Tokens } from "marked";
import { who } from "./room.ts";
import { hrefOf } from "./route.ts";
import type { ComponentChildren, VNode } from "preact";
import { useMemo, useState } from "preact/hooks";

/** Longer texts are cut until expanded; beyond the second limit they stay plain. */
const MAX_SHOWN = 6_000;
const MAX_PARSED = 60_000;
const MAX_DEPTH = 12;

/** A text, cut if it is long. */
export function Markdown({ text }: { readonly text: string }): VNode {
  const [whole, setWhole] = useState(false);
  const shown = whole || text.length <= MAX_SHOWN ? text : text.slice(0, MAX_SHOWN);
  const content = useMemo(() => render(shown), [shown]);
  return (
    <div class="markdown">
      {content}
      {shown.length < text.length && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          Show all ({Math.ceil(text.length / 1000)} thousand characters)
        </button>
      )}
    </div>
  );
}

function render(text: string): ComponentChildren {
  const safe = harmless(text);
  if (safe.length > MAX_PARSED) return <pre class="plain">{safe}</pre>;
  try {
    return new Lexer({ gfm: true, breaks: true }).lex(safe).map((token) => block(token, 0));
  } catch {
    return <pre class="plain">{safe}</pre>;
  }
}

function block(token: Token, depth: number): ComponentChildren {
  if (depth > MAX_DEPTH) return token.raw;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "hr":
      return <hr />;
    case "code":
      return (
        // The text may be wider than the page: then this part scrolls, by keyboard too.
        <pre tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "heading":
      return <p class={`heading level-${(token as Tokens.Heading).depth}`}>{inline(token, depth)}</p>;
    case "blockquote":
      return <blockquote>{((token as Tokens.Blockquote).tokens ?? []).map((t) => block(t, depth + 1))}</blockquote>;
    case "list": {
      const list = token as Tokens.List;
      const items = list.items.map((item) => (
        <li>
          {item.task && (
            <span role="img" aria-label={item.checked === true ? "done" : "open"}>
              {item.checked === true ? "☑ " : "☐ "}
            </span>
          )}
          {item.tokens.map((t) => block(t, depth + 1))}
        </li>
      ));
      return list.ordered ? <ol start={typeof list.start === "number" ? list.start : 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table": {
      const table = token as Tokens.Table;
      return (
        <div class="table" tabIndex={0} role="group" aria-label="Table">
          <table>
            <thead>
              <tr>
                {table.header.map((cell) => (
                  <th scope="col">{inlines(cell.tokens, depth)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr>
                  {row.map((cell) => (
                    <td>{inlines(cell.tokens, depth)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    case "paragraph":
      return <p>{inline(token, depth)}</p>;
    case "html":
      return <p>{token.raw}</p>;
    case "checkbox":
      return null;
    default:
      return inlineOne(token, depth);
  }
}

function inline(token: Token, depth: number): ComponentChildren {
  return "tokens" in token && token.tokens !== undefined ? inlines(token.tokens, depth + 1) : token.raw;
}

function inlines(tokens: readonly Token[], depth: number): ComponentChildren {
  return tokens.map((token) => inlineOne(token, depth));
}

function inlineOne(token: Token, depth: number): ComponentChildren {
  if (depth > MAX_DEPTH) return token.raw;
  switch (token.type) {
    case "text":
      return "tokens" in token && token.tokens !== undefined
        ? inlines(token.tokens, depth + 1)
        : withMessageLinks((token as Tokens.Text).text);
    case "escape":
      return (token as Tokens.Escape).text;
    case "strong":
      return <strong>{inline(token, depth)}</strong>;
    case "em":
      return <em>{inline(token, depth)}</em>;
    case "del":
      return <del>{inline(token, depth)}</del>;
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br />;
    case "link": {
      const { href } = token as Tokens.Link;
      return <SafeLink href={href}>{inline(token, depth)}</SafeLink>;
    }
    case "image": {
      const { href, text } = token as Tokens.Image;
      return <SafeLink href={href}>🖼 {text === "" ? "image" : text}</SafeLink>;
    }
    default:
      return token.raw;
  }
}

const MESSAGE_LINK = /(agora:\/\/[^/\s]{1,200}\/message\/[0-9a-z]{8,40})/i;

/** Links to messages are no links of Markdown: they are found in plain text. */
function withMessageLinks(text: string): ComponentChildren {
  if (!text.includes("agora://")) return text;
  return text.split(MESSAGE_LINK).map((part, n) => (n % 2 === 0 ? part : <SafeLink href={part}>{part}</SafeLink>));
}

/** A link to the web, a mailbox or a message of this room; anything else stays text. */
function SafeLink({ href, children }: { readonly href: string; readonly children: ComponentChildren }): VNode {
  const message = readMessageLink(href);
  if (message !== undefined && message.room === who.value?.room)
    return <a href={hrefOf({ view: "at", name: message.id, message: message.id })}>{children}</a>;
  const url = safeHref(href);
  if (url === undefined)
    return (
      <>
        {children} ({href})
      </>
    );
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {children}
    </a>
  );
}

/** The address, if it leads to the web or a mailbox. */
export function safeHref(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const { protocol, href: url } = new URL(href);
  return protocol === "https:" || protocol === "http:" || protocol === "mailto:" ? url : undefined;
}
