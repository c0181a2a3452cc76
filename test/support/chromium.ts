import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const candidates = [
	process.env.GAMMA_CHROMIUM,
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
];

/** The browser that `npm test` brings (or finds); undefined where a machine has none. */
export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

/** Headless, software rendering, no request of its own to anywhere. */
export function launchChromium(): Promise<Browser> {
	return chromium.launch({
		executablePath: chromiumPath ?? "chromium",
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}
