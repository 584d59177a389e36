// Every setting of a relay, defined once: its flag, its environment variable and what it does. The CLI and the standalone
// main both generate their command line from this table; config.ts gives the strings a meaning.

/** One setting. Without `value` it is a switch. */
export interface RelayOption {
  readonly flag: string;
  readonly env?: string;
  readonly value?: string;
  readonly text: string;
}

/** The settings of `agora relay` and of the standalone relay. */
export const RELAY_OPTIONS = [
  { flag: "host", env: "HOST", value: "ADDRESS", text: "address to listen on (127.0.0.1)" },
  { flag: "port", env: "PORT", value: "PORT", text: "port to listen on, 0 for a free one (8080)" },
  { flag: "token", env: "AGORA_TOKEN", value: "TOKEN", text: "the token members join with" },
  {
    flag: "operator-token",
    env: "AGORA_OPERATOR_TOKEN",
    value: "TOKEN",
    text: "who joins with it is an operator of rooms without a root key",
  },
  { flag: "observer-token", env: "AGORA_OBSERVER_TOKEN", value: "TOKEN", text: "who joins with it only sees" },
  {
    flag: "state",
    env: "AGORA_RELAY_STATE",
    value: "FOLDER",
    text: "keeps the relay's key and the token it made (relay in the Agora folder, when it listens on this machine only)",
  },
  {
    flag: "allow-hosts",
    env: "AGORA_ALLOW_HOSTS",
    value: "NAME,…",
    text: "names it may be asked under besides localhost and its public address, for a LAN or compose",
  },
  { flag: "cert", env: "AGORA_TLS_CERT", value: "FILE", text: "TLS certificate, PEM; with --key the relay speaks wss" },
  { flag: "key", env: "AGORA_TLS_KEY", value: "FILE", text: "TLS private key, PEM" },
  {
    flag: "public-url",
    env: "AGORA_PUBLIC_URL",
    value: "URL",
    text: "address that clients dial, when a proxy stands before",
  },
  { flag: "room-keys", env: "AGORA_ROOM_KEYS", value: "ROOM=KEY,…", text: "public root keys of rooms, for grants" },
  { flag: "grants-only", env: "AGORA_GRANTS_ONLY", text: "rooms are entered with a grant only, not with the token" },
  {
    flag: "revoked-file",
    env: "AGORA_REVOKED_FILE",
    value: "FILE",
    text: "ids of revoked grants, one a line; read again on SIGHUP",
  },
  { flag: "max-members", env: "AGORA_MAX_MEMBERS", value: "N", text: "members of one room (50)" },
  { flag: "max-rooms", env: "AGORA_MAX_ROOMS", value: "N", text: "rooms open at once (1000)" },
  {
    flag: "max-rooms-per-key",
    env: "AGORA_MAX_ROOMS_PER_KEY",
    value: "N",
    text: "rooms that one key may open (32)",
  },
  {
    flag: "max-rooms-per-address",
    env: "AGORA_MAX_ROOMS_PER_ADDRESS",
    value: "N",
    text: "rooms opened from one address, where addresses can be told apart (250)",
  },
  {
    flag: "max-memory",
    env: "AGORA_MAX_MEMORY",
    value: "BYTES",
    text: "what recent events, and frames on their way, may take together (256M)",
  },
  { flag: "max-frame", env: "AGORA_MAX_FRAME", value: "BYTES", text: "largest frame (10M)" },
  { flag: "max-text", env: "AGORA_MAX_TEXT", value: "BYTES", text: "largest text of a message (1M)" },
  { flag: "max-file", env: "AGORA_MAX_FILE", value: "BYTES", text: "largest file (100M)" },
  {
    flag: "history",
    env: "AGORA_HISTORY",
    value: "N",
    text: "events from before they came that newcomers are given, 0 for none (200)",
  },
  {
    flag: "rate-agent",
    env: "AGORA_RATE_AGENT",
    value: "BURST,PER_S",
    text: "events of one agent: at once, then per second, or off (10,2)",
  },
  { flag: "rate-user", env: "AGORA_RATE_USER", value: "BURST,PER_S", text: "events of one person, or off (30,10)" },
  {
    flag: "allowed-origins",
    env: "AGORA_ALLOWED_ORIGINS",
    value: "ORIGIN,…",
    text: "web pages that may connect besides the relay's own",
  },
  { flag: "console", env: "AGORA_CONSOLE", text: "serve the web console for members at /console/" },
  {
    flag: "metrics",
    env: "AGORA_METRICS",
    value: "on|off|local",
    text: "who may read /metrics: all, nobody, this machine (local)",
  },
  { flag: "log-level", env: "AGORA_LOG_LEVEL", value: "LEVEL", text: "info, warn or silent (info)" },
  {
    flag: "json",
    text: "print one JSON line {url, token, key, hosts, pid} when ready; token is null unless the relay made it",
  },
] as const satisfies readonly RelayOption[];

/** The flags by name. */
export type RelayFlag = (typeof RELAY_OPTIONS)[number]["flag"];
