// The page's own settings, and its keys.
import type { VNode } from "preact";
import { TrustNote } from "./join-form.tsx";
import { KEYS } from "./keys.ts";
import { memory, remember } from "./memory.ts";
import { Page } from "./page.tsx";
import { RulesPanel } from "./reply-rules.tsx";
import { isMember, leave, whoami } from "./room.ts";
import { toast } from "./toasts.tsx";

const THEMES = ["auto", "light", "dark"] as const;

export function SettingsView(): VNode {
  const notify = async (wanted: boolean): Promise<void> => {
    if (wanted && (await Notification.requestPermission()) !== "granted")
      return toast("The browser does not allow notifications for this page.", true);
    remember({ notify: wanted });
  };
  return (
    <Page label="Settings">
      <section class="panel" aria-labelledby="settings-look">
        <h2 id="settings-look">Look</h2>
        <fieldset class="choice-row">
          <legend>Theme</legend>
          {THEMES.map((theme) => (
            <label>
              <input
                type="radio"
                name="theme"
                checked={memory.value.theme === theme}
                onChange={() => remember({ theme })}
              />
              {theme === "auto" ? "As the system" : theme === "light" ? "Light" : "Dark"}
            </label>
          ))}
        </fieldset>
        <label class="check">
          <input
            type="checkbox"
            checked={memory.value.notify}
            onChange={(event) => void notify(event.currentTarget.checked)}
          />
          Notify me on the desktop when somebody mentions me
        </label>
      </section>
      <RulesPanel />
      <section class="panel" aria-labelledby="settings-keys">
        <h2 id="settings-keys">Keys</h2>
        <dl class="keys">
          {KEYS.map(({ keys, what }) => (
            <div>
              <dt>
                {keys.split(" ").map((key) => (
                  <kbd>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="panel" aria-labelledby="settings-you">
        <h2 id="settings-you">You</h2>
        {whoami.value !== undefined && (
          <dl class="facts">
            <dt>Name</dt>
            <dd>{whoami.value.name}</dd>
            <dt>Room</dt>
            <dd>{whoami.value.room}</dd>
            <dt>Relay</dt>
            <dd>{whoami.value.relay}</dd>
            <dt>Right</dt>
            <dd>{whoami.value.grant ?? "member"}</dd>
            <dt>Key</dt>
            <dd>
              <code>{whoami.value.key}</code>
            </dd>
          </dl>
        )}
        <button type="button" onClick={() => void leave()}>
          {isMember.value ? "Sign out of this browser" : "Lock this browser out"}
        </button>
        {isMember.value && <TrustNote />}
      </section>
    </Page>
  );
}
