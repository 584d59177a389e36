// The page starts here: admission, the backend, the first render.
import { render } from "preact";
import { App, Locked } from "./app.tsx";
import { connectDaemon } from "./daemon-backend.ts";
import { enter } from "./enter.ts";
import { listenForKeys } from "./keys.ts";
import { keepMemory, useMemoryOf } from "./memory.ts";
import { tellNews } from "./notify.ts";
import { takeLink, takePush, useBackend } from "./room.ts";
import { roomInAddress } from "./rooms.ts";
import { followAddress } from "./route.ts";
import "./style/base.css";
import "./style/layout.css";
import "./style/talk.css";
import "./style/views.css";
import "./style/board.css";

async function main(): Promise<void> {
  const root = document.querySelector("#app")!;
  useMemoryOf(roomInAddress());
  keepMemory();
  const entered = await enter();
  if (entered === "refused") return render(<Locked refused />, root);
  followAddress();
  useBackend(connectDaemon({ push: takePush, state: takeLink }));
  listenForKeys();
  tellNews();
  render(<App />, root);
}

void main();
