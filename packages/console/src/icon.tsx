// The console's icons, drawn here so that nothing has to be loaded. Decoration only; there are always words beside them.
import type { VNode } from "preact";

const PATHS = {
  room: "M4 5h16v11H9l-5 4z",
  attention: "M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 20.500h4",
  inbox: "M4 13h4l2 3h4l2-3h4M4 13l3-8h10l3 8v6H4z",
  questions: "M8.500 9.500a3.500 3.500 0 1 1 5 3.200c-1 .5-1.500 1.200-1.500 2.300M12 18.500h.01M4 3h16v18H4z",
  threads: "M5 6h14M5 11h9M9 16h10M5 16h.01",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-3.500 3-5.500 6.500-5.500s6 2 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.300M18 15c2 .6 3.200 2.300 3.500 5",
  channels: "M9 4 7 20M17 4l-2 16M4 9h16.500M3.500 15H20",
  board: "M4 5h16M4 10h16M4 15h16M4 20h16M9 5v15",
  flow: "M6 7.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 13.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 20.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 6.500l8 4M16.300 12.500 8.700 17.500",
  health: "M3 12h4l2.500-6 4 12 2.500-6h5",
  settings:
    "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M18.400 5.600l-2.100 2.100M7.700 16.300l-2.100 2.100",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 21 21",
  send: "M4 12 20 4l-5 16-3.500-6.500z",
  attach:
    "M20 11.500 12.500 19a5 5 0 0 1-7-7L13 4.500a3.300 3.300 0 0 1 4.700 4.700L10.500 16.500a1.700 1.700 0 0 1-2.400-2.400L14.500 7.700",
  close: "M6 6l12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  reply: "M10 6 4 12l6 6M4 12h9c4 0 6.500 2 7 6",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700L12 17",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  down: "M12 5v13M6 12l6 6 6-6",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.500v15l12-7.500z",
  stop: "M6 6h12v12H6z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  check: "M5 12.500 10 17 19 7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
