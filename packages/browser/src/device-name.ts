// What a browser calls itself as a device: "Chrome on Android". Its person calls it otherwise if that says too little.

/** What of `navigator` says it. */
export interface BrowserWords {
  readonly userAgent: string;
  /** What some browsers tell instead. */
  readonly userAgentData?: { readonly platform?: string };
}

/** The first that fits counts: many name others, to be taken for them. */
const BROWSERS = [
  [/Edg(?:A|iOS)?\//, "Edge"],
  [/OPR\/|OPT\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/Android/, "Android"],
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS/, "macOS"],
  [/Linux/, "Linux"],
] as const;
const MAX_SYSTEM_CHARS = 30;

/** A name for people. */
export function deviceName({ userAgent, userAgentData }: BrowserWords): string {
  const [, browser = "a browser"] = BROWSERS.find(([word]) => word.test(userAgent)) ?? [];
  const told = userAgentData?.platform?.trim().slice(0, MAX_SYSTEM_CHARS) ?? "";
  const [, known] = SYSTEMS.find(([word]) => word.test(userAgent)) ?? [];
  const system = known ?? (told === "" ? undefined : told);
  return system === undefined ? browser : `${browser} on ${system}`;
}
