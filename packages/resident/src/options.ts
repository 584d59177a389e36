// Every setting of a resident, defined once: its flag, its environment variable and what it does. The command line is
// generated from this table; `config.ts` gives the strings a meaning.

/** One setting. Without `value` it is a switch. */
export interface ResidentOption {
  readonly flag: string;
  readonly env?: string;
  readonly value?: string;
  readonly text: string;
}

/** The settings of `agora resident` and of `agora resident install`. */
export const RESIDENT_OPTIONS = [
  { flag: "relay", env: "AGORA_RELAY_URL", value: "URL", text: "the relay (default: the one of the settings)" },
  { flag: "room", env: "AGORA_ROOM", value: "ROOM,…", text: "the room, or several" },
  { flag: "name", env: "AGORA_RESIDENT_NAME", value: "NAME", text: "its own name in each room (resident)" },
  {
    flag: "http",
    env: "AGORA_RESIDENT_HTTP",
    value: "[HOST:]PORT",
    text: "be the gateway: /mcp and /v1 on this port, 0 for a free one, on this machine unless a host is given",
  },
  {
    flag: "public-url",
    env: "AGORA_GATEWAY_URL",
    value: "URL",
    text: "the https:// address clients use, when a proxy stands before",
  },
  { flag: "cert", env: "AGORA_GATEWAY_CERT", value: "FILE", text: "TLS certificate, PEM; with --key it speaks https" },
  { flag: "key", env: "AGORA_GATEWAY_KEY", value: "FILE", text: "TLS private key, PEM" },
  {
    flag: "allowed-hosts",
    env: "AGORA_GATEWAY_HOSTS",
    value: "HOST,…",
    text: "more names clients may reach it by, such as gateway.lan:8765",
  },
  {
    flag: "allowed-origins",
    env: "AGORA_GATEWAY_ORIGINS",
    value: "ORIGIN,…",
    text: "web pages that may call it (none)",
  },
  { flag: "max-members", env: "AGORA_GATEWAY_MEMBERS", value: "N", text: "gateway members of one room (25)" },
  {
    flag: "idle",
    env: "AGORA_GATEWAY_IDLE",
    value: "SPAN",
    text: "how long an unused gateway member stays in the room: 12h, 7d, never (7d)",
  },
  { flag: "keep", env: "AGORA_GATEWAY_KEEP", value: "BYTES", text: "history kept per gateway member (64M)" },
] as const satisfies readonly ResidentOption[];

/** The flags by name. */
export type ResidentFlag = (typeof RESIDENT_OPTIONS)[number]["flag"];
