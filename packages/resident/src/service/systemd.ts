// The unit of systemd's user manager.
import type { ServiceFacts } from "./service.ts";

/** A word for systemd: quoted, with its specifiers (`%`) escaped. */
function quote(word: string): string {
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`;
}

/** A word in a command, where `$` names a variable as well. */
function quoteArgument(word: string): string {
  return quote(word).replaceAll("$", () => "$$");
}

/** The unit file's text. */
export function systemdUnit({ node, entry, args, home }: ServiceFacts): string {
  return `[Unit]
Description=Agora resident: keeps the room while all laptops are shut
After=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart=${[node, entry, ...args].map(quoteArgument).join(" ")}
Environment=${quote(`AGORA_HOME=${home}`)}
Restart=always
RestartSec=2
TimeoutStopSec=15
UMask=0077
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`;
}
