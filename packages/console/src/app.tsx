// The page as a whole: sidebar, view, and a thread beside it.
import type { VNode } from "preact";
import { AroundView } from "./around-view.tsx";
import { AttentionView } from "./attention-view.tsx";
import { BoardView } from "./board-view.tsx";
import { Banners } from "./banners.tsx";
import { ChannelView } from "./channel-view.tsx";
import { ChannelsView } from "./channels-view.tsx";
import { DialogHost } from "./dialog.tsx";
import { FlowView } from "./flow-view.tsx";
import { HealthView } from "./health-view.tsx";
import { InboxView } from "./inbox-view.tsx";
import { PeopleView } from "./people-view.tsx";
import { QuestionsView } from "./questions-view.tsx";
import { link } from "./room.ts";
import { route } from "./route.ts";
import { SearchView } from "./search-view.tsx";
import { SettingsView } from "./settings-view.tsx";
import { Sidebar } from "./sidebar.tsx";
import { RoomView, ThreadPanel, WithView } from "./talk-views.tsx";
import { ThreadsView } from "./threads-view.tsx";
import { Announcer, Toasts } from "./toasts.tsx";
import { TopBar } from "./top-bar.tsx";

export function App(): VNode {
  if (link.value === "locked") return <Locked />;
  const { thread } = route.value;
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the messages
      </a>
      <div class={thread === undefined ? "app" : "app with-aside"}>
        <Sidebar />
        <main id="main" class="main" tabIndex={-1}>
          <TopBar />
          <Banners />
          <CurrentView />
        </main>
        {thread !== undefined && <ThreadPanel thread={thread} />}
      </div>
      <Toasts />
      <Announcer />
      <DialogHost />
    </>
  );
}

/** Without changing the address, which holds the route. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#main [tabindex='0'], #main textarea")?.focus();
}

function CurrentView(): VNode {
  const { view, name = "" } = route.value;
  switch (view) {
    case "room":
      return <RoomView />;
    case "with":
      return <WithView name={name} />;
    case "channel":
      return <ChannelView name={name} />;
    case "at":
      return <AroundView key={name} start={name} />;
    case "channels":
      return <ChannelsView />;
    case "attention":
      return <AttentionView />;
    case "inbox":
      return <InboxView />;
    case "questions":
      return <QuestionsView />;
    case "threads":
      return <ThreadsView />;
    case "people":
      return <PeopleView />;
    case "board":
      return <BoardView />;
    case "flow":
      return <FlowView />;
    case "health":
      return <HealthView />;
    case "settings":
      return <SettingsView />;
    case "search":
      return <SearchView words={name} />;
  }
}

export function Locked({ refused = false }: { readonly refused?: boolean }): VNode {
  return (
    <main class="locked">
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>{refused ? "This address was used already" : "This browser has not been let in"}</h1>
      <p>
        Run <code>agora console</code> in the project's folder. It opens this page with a code that is good once, for
        two minutes.
      </p>
    </main>
  );
}
