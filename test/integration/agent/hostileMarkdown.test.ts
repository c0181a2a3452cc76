import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { answered, aPanelState, asked, openAgentPage, words } from "./agentPageHost";
import { hostileMarkdown } from "./hostileMarkdown";

let browser: Browser;
beforeAll(async () => {
	if (chromiumPath) browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Everything of the page that could act, load or lead somewhere. */
function dangersIn(root: Element): readonly string[] {
	const found: string[] = [];
	const allowed =
		"article,b,blockquote,br,button,code,del,div,em,figcaption,figure,gamma-answer,gamma-message,h1,h2,h3,h4,h5,h6,hr,li,ol,p,pre,s,span,strong,sub,sup,table,tbody,td,th,thead,tr,ul,a,i,kbd".split(
			",",
		);
	for (const element of root.querySelectorAll("*")) {
		const isMaths = element.namespaceURI === "http://www.w3.org/1998/Math/MathML";
		const name = element.localName;
		if (!isMaths && !allowed.includes(name)) found.push(`<${name}>`);
		for (const { name: attribute, value } of element.attributes) {
			if (/^on|^src|^srcdoc|^action|^formaction|^xlink|^ping$/i.test(attribute)) found.push(`${name} ${attribute}`);
			if (/^(href|to)$/i.test(attribute) && !(name === "a" && /^https?:\/\//i.test(value)))
				found.push(`${name} ${attribute}=${value}`);
			if (attribute === "style" && /url|expression|position/i.test(value)) found.push(`${name} style=${value}`);
			if (attribute === "id" && !isMaths) found.push(`${name} id=${value}`);
		}
	}
	return found;
}

describe.skipIf(!chromiumPath)("hostile Markdown in the agent's panel (needs a Chromium)", () => {
	test(`${hostileMarkdown.length} attacks are words: nothing runs, loads, or leads anywhere but to the web, through the host`, async () => {
		const messages = hostileMarkdown.flatMap((text, i) => [asked(`q${i}`, text), answered(`a${i}`, words(text))]);
		const opened = await openAgentPage(browser, aPanelState());
		const { page } = opened;
		const requests: string[] = [];
		// The icons are the panel's own.
		page.on("request", (request) => !/\/codicon\.ttf/.test(request.url()) && requests.push(request.url()));
		page.on("framenavigated", (frame) => requests.push(`navigated ${frame.url()}`));
		page.on("dialog", (dialog) => {
			requests.push(`dialog ${dialog.message()}`);
			void dialog.dismiss();
		});
		await opened.show(aPanelState({ messages }));
		await expect.poll(() => page.locator("gamma-message").count(), { timeout: 60_000 }).toBe(messages.length);
		// One by one as well, as they come in while an answer is written.
		for (const [i, text] of hostileMarkdown.entries()) {
			if (text.length > 500) continue;
			for (const part of [0.5, 0.9, 1]) {
				await opened.stream([answered(`a${i}`, words(text.slice(0, Math.ceil(text.length * part))))]);
			}
		}
		expect(await page.locator(".log").evaluate(dangersIn)).toEqual([]);
		for (const link of await page.locator(".log a[href]").all()) {
			await link.evaluate((shown) => {
				for (const kind of ["click", "auxclick"])
					shown.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
			});
		}
		expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
		expect(requests).toEqual([]);
		expect(opened.complaints).toEqual([]);
		await opened.close();
	});
});
