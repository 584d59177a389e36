// What the help says of each command besides its own words: the group it stands in, and one example to copy.

export interface HelpRow {
  readonly group: "Room" | "Talk" | "Decide" | "Operate" | "Setup" | "For programs";
  readonly example: string;
}

const talk = (example: string): HelpRow => ({ group: "Talk", example });
const decide = (example: string): HelpRow => ({ group: "Decide", example });
const room = (example: string): HelpRow => ({ group: "Room", example });
const setup = (example: string): HelpRow => ({ group: "Setup", example });
const operate = (example: string): HelpRow => ({ group: "Operate", example });
const programs = (example: string): HelpRow => ({ group: "For programs", example });

/** Every command. */
export const HELP: Readonly<Record<string, HelpRow>> = {
  say: talk("agora say @bob can you check the schema?"),
  inbox: talk("agora inbox"),
  accept: talk("agora accept 3f9k"),
  reject: talk("agora reject 3f9k not today"),
  append: talk("agora append 3f9k use the staging database"),
  history: talk("agora history --with bob --limit 20"),
  status: talk("agora status 7k3f"),
  wait: talk("agora wait --timeout 600"),
  watch: talk("agora watch"),
  console: talk("agora console"),
  join: talk("agora join build --topic 'what breaks'"),
  leave: talk("agora leave build"),
  channels: talk("agora channels"),
  topic: talk("agora topic build what breaks"),
  busy: talk("agora busy reviewing the parser"),

  ask: decide("agora ask @alice --choice Postgres --choice SQLite Which one?"),
  escalate: decide("agora escalate --timeout 10m May I drop the table?"),
  answer: decide("agora answer 7k3f 2"),
  questions: decide("agora questions"),
  decide: decide("agora decide We use SQLite"),
  decisions: decide("agora decisions --limit 5"),
  mode: decide("agora mode auto"),
  more: decide("agora more 3f9k 6"),
  chains: decide("agora chains"),

  start: room("agora start -n alice --relay wss://relay.example.org"),
  stop: room("agora stop"),
  who: room("agora who"),
  whoami: room("agora whoami"),
  ping: room("agora ping bob"),
  invite: room("agora invite bob --expires 7d"),
  trust: room("agora trust bob"),
  room: room("agora room create den"),

  install: setup("agora install codex --dry-run"),
  uninstall: setup("agora uninstall --dry-run"),
  update: setup("agora update"),
  doctor: setup("agora doctor"),
  demo: setup("agora demo"),
  completion: setup("agora completion bash >> ~/.bashrc"),
  logs: setup("agora logs -f"),
  "report-bug": setup("agora report-bug --file bug.txt"),
  version: setup("agora version"),
  help: setup("agora help say"),

  relay: operate("agora relay --port 8080"),
  resident: operate("agora resident --relay wss://relay.example.org --room lobby --detach"),
  controls: operate("agora controls"),
  pause: operate("agora pause @bob he is in a loop"),
  resume: operate("agora resume @bob"),
  "stop-all": operate("agora stop-all something is wrong"),
  reset: operate("agora reset"),
  kick: operate("agora kick bob"),
  ban: operate("agora ban bob"),
  unban: operate("agora unban bob"),
  interrupt: operate("agora interrupt bob/claude"),
  inject: operate("agora inject @bob please stop"),
  rates: operate("agora rates bob 5 1"),
  grant: operate("agora grant bob operator"),
  remove: operate("agora remove build bob"),
  admit: operate("agora admit build bob"),
  forget: setup("agora forget ~/old-project"),

  hook: programs("agora hook session-start"),
  mcp: programs("agora mcp --client cursor"),
};
