import { expect, test } from "vitest";
import { deviceName } from "./device-name.ts";

const UA = {
  android:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
  iphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
  firefox: "Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0",
  edge: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
  mac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
};

test("a browser has a name that people know it by", () => {
  expect(Object.values(UA).map((userAgent) => deviceName({ userAgent }))).toEqual([
    "Chrome on Android",
    "Safari on iPhone",
    "Firefox on Android",
    "Edge on Windows",
    "Safari on macOS",
  ]);
});

test("one that tells nothing of itself is a browser", () => {
  expect(deviceName({ userAgent: "" })).toBe("a browser");
  expect(deviceName({ userAgent: "Mozilla/5.0 Chrome/140", userAgentData: { platform: "Fuchsia" } })).toBe(
    "Chrome on Fuchsia",
  );
});
