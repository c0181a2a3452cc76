// The agent's panel: from the first word's arrival to the frame that shows it, through the vendor's SDK, the desk and the page
// in Chromium; and the frames while an answer is written into a conversation of 500 messages. There is no peer to measure.
import { loadavg } from "node:os";
import { toHead, toPanelState } from "../src/core/agent/panelState";
import { shownMessage } from "../src/core/agent/shownMessage";
import type { Message } from "../src/shared/agent/conversation";
import { answered, aPanelState, asked, openAgentPage, words } from "../test/integration/agent/agentPageHost";
import { promptOf, startAgent, textOf, until, untilIdle } from "../test/support/agentUnderTest";
import { launchChromium } from "../test/support/chromium";
import { longReview } from "./support/longReview";
import { header, row } from "./support/rounds";

const rounds = 20;
/** As `AgentWebview` sends. */
const sendEveryMs = 30;
const now = () => performance.timeOrigin + performance.now();
const load = () => loadavg()[0]?.toFixed(1) ?? "";
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const at = (values: readonly number[], share: number) =>
	`${(sorted(values)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0).toFixed(0)} ms`;

const browser = await launchChromium();
header("Agent");
row(await firstWords());
for (const cells of await streaming()) row(cells);
for (const [what, ms] of longReview())
	row([
		`review of 10,000 lines in 2,000 hunks: ${what}, the longest`,
		`${ms.toFixed(0)} ms`,
		"",
		"",
		"≤ 100 ms",
		load(),
	]);
await browser.close();
process.exit(0);

async function firstWords(): Promise<string[]> {
	const agent = await startAgent();
	const around = { hostNowMs: Date.now(), removedId: null, lastSignOf: () => null, insert: null, sets: [] };
	const opened = await openAgentPage(browser, aPanelState({ open: null }));
	let isSending = false;
	let isStale = false;
	let sentMs = 0;
	const send = async () => {
		isStale = true;
		if (isSending) return;
		isSending = true;
		while (isStale) {
			await new Promise((done) => setTimeout(done, Math.max(0, sentMs + sendEveryMs - Date.now())));
			isStale = false;
			sentMs = Date.now();
			const { open } = agent.desk.snapshot;
			const last = open?.messages.at(-1);
			if (open && last?.role === "assistant")
				await opened.stream([shownMessage(last, open.messages, [])], toHead(open));
			else await opened.show(toPanelState(agent.desk.snapshot, around));
		}
		isSending = false;
	};
	let sending: Promise<void> = Promise.resolve();
	const following = agent.desk.onDidChange(() => {
		sending = Promise.all([sending, send()]).then(() => {});
	});
	const delays: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const word = `Word${round}`;
		let arrivedMs = 0;
		let begin = () => {};
		const held = new Promise<void>((done) => {
			begin = done;
		});
		agent.server.script({ blocks: [{ text: word }], gate: (event) => (event === 3 ? held : undefined) });
		const asking = agent.desk.send(promptOf(`Why ${round}?`));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind !== "waiting" || agent.server.left === 0);
		const shown = opened.page.evaluate(
			(wanted) =>
				new Promise<number>((done) => {
					const look = () => {
						if (document.querySelector(".log")?.textContent?.includes(wanted)) {
							requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
						} else requestAnimationFrame(look);
					};
					look();
				}),
			word,
		);
		const follow = agent.desk.onDidChange(() => {
			if (arrivedMs === 0 && textOf(agent.desk.snapshot.open?.messages ?? []).includes(word)) arrivedMs = now();
		});
		begin();
		delays.push((await shown) - arrivedMs);
		follow.dispose();
		await asking;
		await untilIdle(agent.desk);
	}
	following.dispose();
	await sending;
	await opened.close();
	await agent.close();
	return [
		`first word arrived → on screen, ${rounds} answers`,
		`p50 ${at(delays, 0.5)}, p95 ${at(delays, 0.95)}`,
		"",
		"",
		"≤ 50 ms",
		load(),
	];
}

async function streaming(): Promise<string[][]> {
	const long = "The loss is worse. `x` and **y**.\n\n".repeat(6);
	const messages: Message[] = Array.from({ length: 500 }, (_, index) =>
		index % 2 ? answered(`m${index}`, words(long)) : asked(`m${index}`, `why ${index}?`),
	);
	const opened = await openAgentPage(browser, aPanelState({ messages }));
	await opened.page.locator("gamma-message").nth(499).waitFor();
	await opened.page.evaluate(() => {
		const frames: number[] = [];
		const tasks: number[] = [];
		new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
			entryTypes: ["longtask"],
		});
		let before = performance.now();
		const frame = (time: number) => {
			frames.push(time - before);
			before = time;
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
		Object.assign(window, { frames, tasks });
	});
	let text = "";
	for (let step = 0; step < 120; step++) {
		text += `word ${step} and **more** of it. `;
		const began = Date.now();
		await opened.stream([answered("m499", words(long + text))]);
		await new Promise((done) => setTimeout(done, Math.max(0, sendEveryMs - (Date.now() - began))));
	}
	const { frames, tasks } = await opened.page.evaluate(() => {
		const { frames, tasks } = window as unknown as { frames: number[]; tasks: number[] };
		return { frames, tasks };
	});
	await opened.close();
	const late = frames.filter((ms) => ms > 34).length;
	const longest = Math.max(0, ...tasks).toFixed(0);
	return [
		[
			"frame while streaming into 500 messages",
			`p50 ${at(frames, 0.5)}, p95 ${at(frames, 0.95)}`,
			"",
			"",
			"≤ 17 ms",
			load(),
		],
		[
			`frames that missed one, of ${frames.length}`,
			`${late}; ${tasks.length} tasks over 50 ms, the longest ${longest} ms`,
			"",
			"",
			"0",
			load(),
		],
	];
}
