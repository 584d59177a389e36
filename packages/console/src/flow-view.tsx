// Who talks to whom: a picture, the same as a table, and the chains of automatic turns with their loops.
import type { VNode } from "preact";
import { act } from "./acts.ts";
import { hueOf } from "./avatar.tsx";
import { Page } from "./page.tsx";
import { activity, chains } from "./room.ts";
import { hrefOf } from "./route.ts";
import { span, SpanSwitch, spanWords } from "./span-switch.tsx";
import { type Edge, edgesOf, ROOM } from "./talk-graph.ts";

const WIDTH = 640;
const HEIGHT = 400;
const RADIUS = 150;
const MAX_NODES = 16;

export function FlowView(): VNode {
  const edges = edgesOf(activity.value.pairs, chains.value, span.value);
  const running = chains.value.filter(({ turns }) => turns > 0);
  if (activity.value.pairs.length === 0)
    return (
      <Page label="Flow">
        <div class="empty">
          <h2>Nobody has spoken yet</h2>
          <p>Who addresses whom is shown here.</p>
        </div>
      </Page>
    );
  return (
    <Page label="Flow">
      <section class="panel" aria-labelledby="flow-picture">
        <h2 id="flow-picture">Who addresses whom</h2>
        <SpanSwitch name="flow" />
        <p class="dim">As far as your member hears. Loops are marked in red.</p>
        {edges.length === 0 ? <p>Nobody spoke in the last {spanWords()}.</p> : <Picture edges={edges} />}
      </section>
      <section class="panel" aria-labelledby="flow-chains">
        <h2 id="flow-chains">Chains of automatic turns</h2>
        {running.length === 0 ? (
          <p class="dim">None: no agent answers another one by itself now.</p>
        ) : (
          <ul class="chains">
            {running.map((chain) => (
              <li key={chain.chain} class={chain.pattern === undefined ? "" : "looped"}>
                <span>
                  {chain.path.length === 0 ? "Agents among themselves" : chain.path.join(" → ")}{" "}
                  <span class="dim">
                    ({chain.turns} of {chain.limit} turns)
                  </span>
                </span>
                {chain.pattern !== undefined && <strong class="bad">Loop: {chain.pattern}</strong>}
                {chain.stopped && <span class="tag bad">stopped</span>}
                {chain.thread !== undefined && (
                  <>
                    <a href={hrefOf({ view: "flow", thread: chain.thread })}>Thread</a>
                    {chain.stopped && (
                      <button
                        type="button"
                        onClick={() => void act("more", { thread: chain.thread! }, "They may go on.")}
                      >
                        Give more turns
                      </button>
                    )}
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section class="panel" aria-labelledby="flow-table">
        <h2 id="flow-table">In figures</h2>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Messages</th>
              <th scope="col">Automatic</th>
            </tr>
          </thead>
          <tbody>
            {edges.slice(0, 50).map((edge) => (
              <tr key={`${edge.from} ${edge.to}`} class={edge.looped ? "looped" : ""}>
                <td>{edge.from}</td>
                <td>{edge.to}</td>
                <td>{edge.count}</td>
                <td>
                  {edge.automatic}
                  {edge.looped && " · loop"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Page>
  );
}

function Picture({ edges }: { readonly edges: readonly Edge[] }): VNode {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].filter((n) => n !== ROOM).slice(0, MAX_NODES);
  const center = { x: WIDTH / 2, y: HEIGHT / 2 };
  const places = new Map<string, { x: number; y: number }>([[ROOM, center]]);
  for (const [index, name] of names.entries()) {
    const angle = (index / names.length) * 2 * Math.PI - Math.PI / 2 + Math.PI / names.length;
    places.set(name, { x: center.x + RADIUS * 1.5 * Math.cos(angle), y: center.y + RADIUS * Math.sin(angle) });
  }
  const most = Math.max(...edges.map(({ count }) => count));
  return (
    <svg
      class="flow"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label="Who addresses whom; the table below has the same figures"
    >
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="11"
          markerHeight="11"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0 10 5 0 10z" />
        </marker>
      </defs>
      {edges.map((edge) => {
        const from = places.get(edge.from);
        const to = places.get(edge.to);
        return from === undefined || to === undefined || from === to ? null : (
          <path
            key={`${edge.from} ${edge.to}`}
            class={edge.looped ? "edge looped" : "edge"}
            d={curve(from, to)}
            stroke-width={1 + (edge.count / most) * 5}
            marker-end="url(#arrow)"
          />
        );
      })}
      {[...places].map(([name, { x, y }]) => (
        <g
          key={name}
          class={name === ROOM ? "node room-node" : `node hue-${hueOf(name)}`}
          transform={`translate(${x} ${y})`}
        >
          <circle r={name === ROOM ? 26 : 20} />
          <text y={name === ROOM ? 5 : 36}>{name === ROOM ? "room" : name}</text>
        </g>
      ))}
    </svg>
  );
}

/** An arc that ends at the rim of the other circle; the two directions don't overlap. */
function curve(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy);
  const shrink = 28 / length;
  const end = { x: to.x - dx * shrink, y: to.y - dy * shrink };
  const start = { x: from.x + dx * shrink, y: from.y + dy * shrink };
  const middle = { x: (from.x + to.x) / 2 - dy * 0.12, y: (from.y + to.y) / 2 + dx * 0.12 };
  const at = ({ x, y }: { x: number; y: number }): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${at(start)} Q${at(middle)} ${at(end)}`;
}
