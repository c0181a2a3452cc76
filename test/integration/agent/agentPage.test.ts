import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Message, Part } from "../../../src/shared/agent/conversation";
import { GammaError } from "../../../src/shared/errors";
import { agentPanelKept, type Completion } from "../../../src/shared/panels/agentPanel";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { faintTexts } from "../../support/contrast";
import {
	type AgentPageUnderTest,
	aHead,
	answered,
	aPanelState,
	asked as askedMessage,
	nowMs,
	openAgentPage,
	words,
} from "./agentPageHost";

let browser: Browser;
let opened: AgentPageUnderTest | undefined;
beforeAll(async () => {
	if (chromiumPath) browser = await launchChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
	const complaints = opened?.complaints ?? [];
	await opened?.close();
	opened = undefined;
	expect(complaints).toEqual([]);
});

async function open(
	...[state, options]: Parameters<typeof openAgentPage> extends [unknown, ...infer Rest] ? Rest : never
) {
	opened = await openAgentPage(browser, state, options);
	await opened.page.locator("textarea").waitFor();
	return opened;
}

const tool = (
	id: string,
	title: string,
	state: Extract<Part, { kind: "tool" }>["state"],
	output: string | null = null,
): Part => ({
	...{ kind: "tool", id, name: "read_file", input: { path: title }, title, state, output },
});
const writing = (change = {}) =>
	aHead({ activity: { kind: "writing", sinceMs: nowMs }, lastHeardMs: nowMs, ...change });
const run: Completion = {
	...{ token: "@run:warm-fox-12", detail: "digits", icon: "circle-filled" },
	mention: { kind: "run", key: "s/1", name: "warm-fox-12" },
};
const kind: Completion = { token: "@run:", detail: "a run", icon: "circle-filled", mention: null };

describe.skipIf(!chromiumPath)("the agent's panel in Chromium (needs a Chromium)", () => {
	test("an answer is streamed: what stands keeps its nodes, only the last message is drawn, and it is spoken by sentences", async () => {
		const messages = [askedMessage("m1", "why @run:owl?"), answered("m2", words("First."))];
		const { page, stream } = await open(aPanelState({ messages, open: writing() }));
		await page.evaluate(() => {
			const said: string[] = [];
			const live = document.getElementById("said") as HTMLElement;
			new MutationObserver(() => said.push(live.textContent ?? "")).observe(live, { childList: true });
			Object.assign(window, { said, first: document.querySelector("gamma-message article") });
		});
		const text = "First.\n\nThe **warmup** doubled. So the peak\n\n```python\nx = 1";
		for (let at = 8; at <= text.length; at += 7) await stream([answered("m2", words(text.slice(0, at)))]);
		await stream([answered("m2", words(`${text}\n\`\`\`\n`))], aHead());
		await expect.poll(() => page.locator(".words strong").textContent()).toBe("warmup");
		await expect.poll(() => page.locator("figure.code button").allInnerTexts()).toEqual(["Copy", "Apply"]);
		const { said, isSame } = await page.evaluate(() => ({
			said: (window as unknown as { said: string[] }).said,
			isSame: (window as unknown as { first: Element }).first === document.querySelector("gamma-message article"),
		}));
		expect(isSame).toBe(true);
		await expect
			.poll(async () => (await page.evaluate(() => (window as unknown as { said: string[] }).said)).join(" "))
			.toContain("Code.");
		for (const each of said) expect(each).not.toMatch(/x = 1|^The$/);
		expect(await page.locator(".log").getAttribute("aria-live")).toBe("off");
	});

	test("the head says title, cost, context and model; models are the service's own", async () => {
		const { page, asked } = await open(aPanelState());
		expect(await page.locator("header").textContent()).toMatch(
			/Why is the loss worse\?[\s\S]*\$0\.0412[\s\S]*18 % context[\s\S]*Claude Sonnet/,
		);
		await page.getByRole("button", { name: "Model: Claude Sonnet" }).click();
		await page.getByRole("menuitemcheckbox", { name: "Claude Haiku" }).click();
		await expect.poll(() => asked).toContain('chooseModel {"id":"small"}');
	});

	test("mentions are offered while typing, taken by key, become chips and go along with what they mean", async () => {
		const { page, asked } = await open(aPanelState(), { completions: [kind, run] });
		const field = page.getByRole("textbox", { name: "Ask Gamma" });
		await field.pressSequentially("why @wa");
		const options = page.getByRole("option");
		await expect.poll(() => options.count()).toBe(2);
		expect(await field.getAttribute("aria-activedescendant")).toBe("completion-0");
		await field.press("ArrowDown");
		await expect.poll(() => field.getAttribute("aria-activedescendant")).toBe("completion-1");
		await field.press("Enter");
		await expect.poll(() => field.inputValue()).toBe("why @run:warm-fox-12 ");
		expect(await page.locator(".chips .title-text").allInnerTexts()).toEqual(["@run:warm-fox-12"]);
		expect(await options.count()).toBe(0);
		await field.press("Shift+Enter");
		await field.pressSequentially("worse?");
		await field.press("Enter");
		await expect
			.poll(() => asked.filter((call) => call.startsWith("send")))
			.toEqual([
				`send ${JSON.stringify({ text: "why @run:warm-fox-12 \nworse?", known: [{ token: run.token, mention: run.mention }], images: [] })}`,
			]);
		await expect.poll(() => field.inputValue()).toBe("");
	});

	test("what the host refuses stays in the field, with its sentence; Escape closes the list before it stops anything", async () => {
		const refuse = () => {
			throw new GammaError("call.invalid", "There is no run called “x” in the open stores.");
		};
		const { page, asked } = await open(aPanelState({ open: writing() }), {
			completions: [run],
			answers: { send: refuse },
		});
		const field = page.getByRole("textbox", { name: "Ask Gamma" });
		await field.pressSequentially("@run:x");
		await page.getByRole("option").waitFor();
		await field.press("Escape");
		await expect.poll(() => page.getByRole("option").count()).toBe(0);
		expect(asked).not.toContain("stop");
		await field.press("Enter");
		await expect.poll(() => page.getByRole("alert").textContent()).toContain("There is no run called “x”");
		expect(await field.inputValue()).toBe("@run:x");
		await field.press("Escape");
		await expect.poll(() => asked).toContain("stop");
	});

	test("while an answer is written prompts queue and can be taken back, and Stop is there", async () => {
		const queued = [{ text: "and then?", mentions: [], images: [] }];
		const { page, asked } = await open(aPanelState({ open: writing({ queued }) }));
		expect(await page.getByRole("list", { name: "Sent when the answer is done" }).textContent()).toContain("and then?");
		await page.getByRole("button", { name: "Take back: and then?" }).click();
		await page.getByRole("button", { name: "Stop" }).click();
		await expect.poll(() => asked).toEqual(expect.arrayContaining(['unqueue {"index":0}', "stop"]));
		expect(await page.getByRole("button", { name: "Queue" }).isDisabled()).toBe(true);
	});

	test("a decision is drawn from the call itself, is announced, and is given once or for longer", async () => {
		const call: Part = {
			...{
				kind: "tool",
				id: "t1",
				name: "start_training",
				input: { branch: "models/fix" },
				title: "",
				state: "asking",
			},
			output: null,
		};
		const activity = { kind: "asking", callId: "t1", sinceMs: nowMs } as const;
		const { page, asked } = await open(aPanelState({ messages: [answered("m1", call)], open: aHead({ activity }) }));
		const row = page.getByRole("group", { name: "Decision: start_training" });
		expect(await row.textContent()).toContain('"branch": "models/fix"');
		await expect.poll(() => page.locator("#said").textContent()).toBe("Gamma waits for your decision.");
		await page.getByRole("button", { name: "Decide" }).click();
		expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Allow Once");
		await page.keyboard.press("Enter");
		await row.getByRole("button", { name: "Allow for longer" }).click();
		await page.getByRole("menuitem", { name: "Always Allow" }).click();
		await row.getByRole("button", { name: "Deny", exact: true }).click();
		const answer = (decision: string, scope: string) => `answer ${JSON.stringify({ callId: "t1", decision, scope })}`;
		await expect
			.poll(() => asked.filter((each) => each.startsWith("answer")))
			.toEqual([answer("allow", "once"), answer("allow", "always"), answer("deny", "once")]);
	});

	test("calls are one line that opens, so is what was sent along, with its text exactly", async () => {
		const sent = { label: "train.py", kind: "file" as const, tokens: 1200, leftOut: "2 secrets", text: "" };
		const messages = [
			askedMessage("m1", "why?", { kind: "sent", items: [sent] }),
			answered(
				"m2",
				tool("t1", "read train.py", "done", "import torch"),
				tool("t2", "diff a..b", "failed"),
				words("So."),
			),
		];
		const { page, asked } = await open(aPanelState({ messages }), { answers: { sentText: () => "lr = <b>0.1</b>" } });
		await page.getByRole("button", { name: /^Read 2 files.*failed/ }).click();
		await page.getByRole("button", { name: "read train.py , done" }).click();
		await expect.poll(() => page.getByLabel("What was answered").textContent()).toBe("import torch");
		await page.getByRole("button", { name: "Sent train.py · 1,200 tokens · left out of 1" }).click();
		expect(await page.locator(".left-out").textContent()).toContain("Left out: 2 secrets");
		await page.getByRole("button", { name: /^train\.py/ }).click();
		await expect.poll(() => page.locator(".message.user pre").textContent()).toBe("lr = <b>0.1</b>");
		expect(asked).toContain('sentText {"messageId":"m1","index":0}');
	});

	test("edits are reviewed, taken and refused from their card; code is copied and applied", async () => {
		const file = {
			path: "train.py",
			kind: "edit" as const,
			added: 4,
			removed: 2,
			hunks: 2,
			accepted: 1,
			rejected: 0,
			isStale: true,
		};
		const code = "Use\n\n```python train.py\nx = 1\n```\n";
		const messages = [answered("m1", words(code), { kind: "edits", setId: "e1", title: "Shorten", files: [file] })];
		const { page, asked } = await open(aPanelState({ messages }));
		const card = page.getByRole("region", { name: "Proposed edits: Shorten" });
		expect(await card.textContent()).toMatch(/2 edits in 1 file[\s\S]*\+4[\s\S]*−2[\s\S]*✓ 1 of 2[\s\S]*stale/);
		await card.getByRole("button", { name: /^train\.py/ }).click();
		await card.getByRole("button", { name: "Accept all" }).click();
		await card.getByRole("button", { name: "Reject" }).click();
		await page.getByRole("button", { name: "Apply" }).click();
		await expect
			.poll(() => asked)
			.toEqual([
				'review {"setId":"e1","path":"train.py"}',
				'acceptEdits {"setId":"e1"}',
				'rejectEdits {"setId":"e1"}',
				'apply {"code":"x = 1","path":"train.py"}',
			]);
	});

	test("an edit grows while it is written, without a button to decide it, and gives way to its card", async () => {
		const call = tool("t1", "train.py", "running") as Extract<Part, { kind: "tool" }>;
		const growing = (path: string, ...hunks: { old: string; new: string }[]): Part => ({
			...{ ...call, name: "propose_edit", title: "propose_edit" },
			writing: { path, kind: "edit", added: 2, removed: 1, hunkCount: hunks.length + 1, hunks },
		});
		const first = { old: "lr = 0.1", new: "lr = 0.05\nwarm" };
		const messages = [answered("m1", words("I shorten it."), growing("src/train.py", first))];
		const { page, stream } = await open(aPanelState({ messages, open: writing() }), { width: 300 });
		const card = page.getByRole("region", { name: "Being written: src/train.py" });
		await expect
			.poll(() => card.textContent())
			.toMatch(/\+2[\s\S]*−1[\s\S]*1 hunk above[\s\S]*− lr = 0\.1\+ lr = 0\.05\+ warm/);
		expect(await card.getByRole("button").count()).toBe(0);
		expect(await faintTexts(page)).toEqual([]);
		const many = { old: "", new: Array.from({ length: 40 }, (_, at) => `line ${at}`).join("\n") };
		await stream([answered("m1", words("I shorten it."), growing("src/train.py", first, many))]);
		await expect.poll(() => card.textContent()).toContain("line 39");
		expect(await card.textContent()).not.toContain("line 20");
		const overflow = () =>
			page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		expect(await overflow()).toBeLessThanOrEqual(0);
		const file = {
			path: "src/train.py",
			kind: "edit" as const,
			added: 2,
			removed: 1,
			hunks: 2,
			accepted: 0,
			rejected: 0,
			isStale: false,
		};
		const done = { ...call, state: "done" as const, output: "Proposed." };
		await stream([answered("m1", done, { kind: "edits", setId: "e1", title: "Shorten", files: [file] })], aHead());
		await expect.poll(() => card.count()).toBe(0);
		await page.getByRole("region", { name: "Proposed edits: Shorten" }).waitFor();
	});

	test("conversations are searched, opened, renamed, deleted and brought back", async () => {
		const { page, asked, show } = await open(aPanelState());
		await page
			.getByRole("button", { name: /^Why is the loss worse/ })
			.first()
			.click();
		await page.getByRole("searchbox", { name: "Search conversations" }).fill("memory");
		await expect.poll(() => page.locator(".conversations li").count()).toBe(1);
		await page.getByRole("button", { name: "Rename: Fix the out of memory" }).click();
		await page.getByRole("textbox", { name: "Name of the conversation" }).fill("Memory");
		await page.keyboard.press("Enter");
		await page.getByRole("button", { name: "Delete: Fix the out of memory" }).click();
		await show(aPanelState({ removed: { id: "c2", title: "Fix the out of memory" } }));
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByRole("searchbox", { name: "Search conversations" }).fill("");
		await page.locator(".conversations .row", { hasText: "Fix the out of memory" }).click();
		await expect
			.poll(() => asked)
			.toEqual([
				"look",
				'search {"words":"memory"}',
				'rename {"id":"c2","title":"Memory"}',
				'remove {"id":"c2"}',
				"undoRemove",
				'open {"id":"c2"}',
			]);
		await expect.poll(() => page.locator(".log").count()).toBe(1);
	});

	test("the list says where each conversation is kept, moves one to the relay, and shows those of one job", async () => {
		const [first, second] = aPanelState().conversations;
		if (!first || !second) throw new Error("there are two");
		const conversations = [
			{ ...first, keptIn: "relay" as const, waiting: 2 },
			{ ...second, jobId: "job1", keptIn: "relay" as const, isOthers: true, title: "By another" },
			{ ...second, id: "c3", title: "Only here" },
		];
		const { page, asked, show } = await open(aPanelState({ conversations, canMove: true }), { width: 300 });
		await page
			.getByRole("button", { name: /^Why is the loss worse/ })
			.first()
			.click();
		const row = (title: string) => page.locator(".conversations li", { hasText: title });
		await expect.poll(() => row("Why is the loss worse?").textContent()).toContain("relay, 2 waiting");
		expect(await row("By another").textContent()).toContain("a colleague's");
		expect(await row("Only here").textContent()).toContain("this machine");
		expect(await page.getByRole("button", { name: /^Move to the relay/ }).count()).toBe(1);
		await page.getByRole("button", { name: "Move to the relay: Only here" }).click();
		await expect.poll(() => asked).toContain('move {"id":"c3"}');
		await page.getByRole("checkbox", { name: "About this job only (2)" }).check();
		await expect.poll(() => page.locator(".conversations li").count()).toBe(2);
		expect(await row("Only here").count()).toBe(0);
		await show(aPanelState({ conversations, access: { kind: "ready", through: "relay" } }));
		await expect.poll(() => page.locator("header .numbers").textContent()).toContain("through the relay");
		expect(await page.getByRole("button", { name: /^Move to the relay/ }).count()).toBe(0);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
	});

	test("what will be sent is shown before it is: each thing's text, the tokens, and what was left out as secret", async () => {
		const item = (label: string, leftOut: string | null = null) =>
			({ label, kind: "file", tokens: 1_200, leftOut, text: `the text of ${label}` }) as const;
		const preview = {
			items: [item("Gamma's instructions"), item("train.py", "2 secrets")],
			...{ tokens: 48_210, isCounted: true, tokensBefore: 36_000, tools: 24, toolTokens: 5_000 },
		};
		const { page, asked } = await open(aPanelState(), { answers: { preview: () => preview } });
		const eye = page.getByRole("button", { name: "See what will be sent" });
		expect(await eye.isDisabled()).toBe(true);
		await page.getByRole("textbox", { name: "Ask Gamma" }).fill("Why? @file:train.py");
		await eye.click();
		const region = page.getByRole("region", { name: "What will be sent" });
		await expect.poll(() => region.textContent()).toContain("48,210 tokens in all, counted by Claude");
		expect(await region.textContent()).toMatch(/24 tools described[\s\S]*What was said before[\s\S]*36,000/);
		expect(await region.locator(".left-out").textContent()).toContain("Left out: 2 secrets");
		await region.getByRole("button", { name: /^train\.py/ }).click();
		expect(await region.locator("pre").textContent()).toBe("the text of train.py");
		const draft = { text: "Why? @file:train.py", known: [], images: [] };
		expect(asked).toContain(`preview ${JSON.stringify({ messageId: null, draft })}`);
		expect(asked.some((call) => call.startsWith("send"))).toBe(false);
		// Of another prompt nothing was said.
		await page.getByRole("textbox", { name: "Ask Gamma" }).press("End");
		await page.keyboard.type("!");
		await expect.poll(() => region.count()).toBe(0);
	});

	test("the calls of one answer are one line over all its requests, with what was thought between; words stay where they are", async () => {
		const call = (id: string, name: string): Part =>
			({ ...(tool(id, `${name} ${id}`, "done", "x") as object), name }) as Part;
		const thought: Part = { kind: "thinking", text: "Hm, the loss.", signature: "s", isRedacted: false };
		const messages = [
			askedMessage("u1", "why?"),
			answered("m1", words("I look at it."), call("t1", "read_file")),
			answered("m2", thought, call("t2", "read_file"), call("t3", "read_metric")),
			answered("m3", call("t4", "compare_runs")),
			answered("m4", words("It was the warmup."), call("t5", "read_file")),
		];
		const { page, stream } = await open(aPanelState({ messages }));
		const heads = () => page.locator(".message.assistant .fold-part > .fold .title-text").allTextContents();
		await expect.poll(heads).toEqual(["Read 2 files, 1 metric, compared 1 time", "read_file t5"]);
		expect(await page.locator(".log .words, .log gamma-answer").allTextContents()).toEqual(
			expect.arrayContaining([expect.stringContaining("I look at it."), expect.stringContaining("It was the warmup.")]),
		);
		await page.getByRole("button", { name: /^Read 2 files/ }).click();
		await expect
			.poll(heads)
			.toEqual([
				"Read 2 files, 1 metric, compared 1 time",
				...["read_file t1", "Thought", "read_file t2", "read_metric t3", "compare_runs t4", "read_file t5"],
			]);
		// It stays open while the answer goes on, and a call that asks is in sight without opening anything.
		const asking = { ...(call("t6", "start_training") as object), state: "asking", output: null } as Part;
		await stream([answered("m5", call("t7", "read_file")), answered("m6", asking)]);
		await expect.poll(() => page.getByRole("button", { name: "Deny", exact: true }).count()).toBe(1);
		await expect.poll(heads).toContain("Read 2 files, used start training 1 time");
	});

	test("a view of the catalogue is drawn with its receipt, its numbers as a table, stale when its runs moved on; a form is a prompt", async () => {
		const receipt = { query: "val/loss", runs: [{ key: "s/1", name: "owl" }], pointCount: 2, readAtMs: nowMs };
		const blocks = [
			{ kind: "lines", title: "Loss", metric: "val/loss", series: [{ label: "owl", x: [0, 1], y: [1, 0.5] }], receipt },
			{ kind: "bars", title: "Best", labels: ["a"], series: [{ label: "acc", values: [0.9] }], receipt },
			{ kind: "points", title: "Both", series: [{ label: "owl", points: [[1, 2]] }], receipt },
			{ kind: "script", code: "alert(1)" },
			{
				kind: "form",
				title: "Again with",
				fields: [{ kind: "number", name: "lr", label: "lr", value: 0.1 }],
				submit: "Ask",
			},
		];
		const view: Part = { kind: "view", id: "v1", title: "Why", view: { version: 1, blocks } };
		const { page, asked, show } = await open(aPanelState({ messages: [answered("m1", view)] }), { height: 1600 });
		await expect.poll(() => page.getByRole("img").count()).toBe(3);
		expect(await page.getByRole("img").first().getAttribute("aria-label")).toBe("Line chart: Loss. 1 series: owl.");
		expect(await page.locator(".view").textContent()).toContain("Gamma cannot show “script”");
		expect(await page.getByText("stale").count()).toBe(0);
		await show(aPanelState({ messages: [answered("m1", view)], runSigns: { "s/1": nowMs + 1 } }));
		await expect.poll(() => page.getByText("stale: the runs have moved on").count()).toBe(3);
		await page.getByRole("button", { name: "Table" }).first().click();
		await expect.poll(() => page.locator("td").allInnerTexts()).toEqual(["owl", "0", "1", "owl", "1", "0.5"]);
		await page.getByRole("button", { name: "Open as chart" }).first().click();
		await page.getByRole("spinbutton").fill("0.3");
		await page.getByRole("button", { name: "Ask", exact: true }).click();
		await expect
			.poll(() => asked)
			.toEqual([
				'openChart {"runs":["s/1"],"metric":"val/loss"}',
				'send {"text":"Again with\\n- lr: 0.3","known":[],"images":[]}',
			]);
	});

	test("pictures are pasted and dropped, and those that cannot go are said; files and rows that are dropped become mentions", async () => {
		const { page, asked } = await open(aPanelState(), { completions: [run] });
		const give = (
			event: string,
			files: readonly { name: string; type: string; size: number }[],
			data: Record<string, string>,
		) =>
			page.evaluate(
				([event, files, data]) => {
					const transfer = new DataTransfer();
					for (const { name, type, size } of files)
						transfer.items.add(new File([new Uint8Array(size)], name, { type }));
					for (const [type, text] of Object.entries(data)) transfer.setData(type, text);
					const field = document.querySelector("textarea");
					const init = { bubbles: true, cancelable: true };
					const made =
						event === "paste"
							? new ClipboardEvent(event, { ...init, clipboardData: transfer })
							: new DragEvent(event, { ...init, dataTransfer: transfer });
					field?.dispatchEvent(made);
				},
				[event, files, data] as const,
			);
		await give("paste", [{ name: "plot.png", type: "image/png", size: 3 }], {});
		await expect.poll(() => page.locator(".chips").textContent()).toContain("plot.png");
		await give("drop", [{ name: "huge.png", type: "image/png", size: 5_000_000 }], {});
		await expect
			.poll(() => page.getByRole("alert").textContent())
			.toContain("huge.png has 5.0 MB; a picture may have 3.7 MB.");
		await give("drop", [{ name: "a.zip", type: "application/zip", size: 3 }], {});
		await expect.poll(() => page.getByRole("alert").textContent()).toContain("a.zip is no picture that Claude reads");
		await give("drop", [], { "text/uri-list": "file:///w/a.py" });
		await expect.poll(() => asked).toContain('drop {"uris":["file:///w/a.py"],"rows":[]}');
		await expect.poll(() => page.locator("textarea").inputValue()).toBe("@run:warm-fox-12 ");
		await page.locator("textarea").press("Enter");
		await expect.poll(() => asked.at(-1)).toContain('"images":[{"mimeType":"image/png","base64":"AAAA"}]');
	});

	test("a message is edited and sent again, by its button and by Up in an empty field", async () => {
		const messages = [askedMessage("m1", "why?"), answered("m2", words("So."))];
		const { page, asked } = await open(aPanelState({ messages }));
		const field = page.locator("textarea");
		await field.press("ArrowUp");
		await expect.poll(() => field.inputValue()).toBe("why?");
		await field.press("Escape");
		await expect.poll(() => field.inputValue()).toBe("");
		await page.getByRole("button", { name: "Edit and send again" }).click();
		await field.pressSequentially(" really?");
		await page.getByRole("button", { name: "Send Again", exact: true }).click();
		await expect
			.poll(() => asked)
			.toEqual(['resend {"messageId":"m1","draft":{"text":"why? really?","known":[],"images":[]}}']);
	});

	test("without a key there is a way to one; a notice has its button; a silent service is said", async () => {
		const cut: Part = { kind: "notice", level: "warning", text: "Cut at the longest length.", action: "continue" };
		const { page, asked, show } = await open(aPanelState({ access: { kind: "noKey" }, open: null }));
		await page.getByRole("button", { name: "Set API Key…" }).click();
		await page.getByRole("button", { name: "Use Your Team's…" }).click();
		await show(aPanelState({ messages: [answered("m1", cut), answered("m2", cut)] }));
		await page.getByRole("button", { name: "Continue" }).click();
		await expect
			.poll(() => asked)
			.toEqual(['act {"action":"setKey"}', 'act {"action":"signIn"}', 'act {"action":"continue"}']);
		await show(aPanelState({ open: writing({ lastHeardMs: nowMs - 40_000 }) }));
		await expect.poll(() => page.locator(".activity").textContent()).toContain("The service has been silent for 4");
	});

	test("the words that were typed and what was opened outlive a reload; the place does too", async () => {
		const messages = Array.from({ length: 40 }, (_, i) =>
			answered(`m${i}`, words(`Line ${i}\n\n`.repeat(5)), tool(`t${i}`, `read ${i}`, "done")),
		);
		const first = await open(aPanelState({ messages }));
		await first.page.locator("textarea").fill("half a tho");
		// Again where an update that was under way brought it back to its end.
		const scrollUp = async () => {
			await first.page.locator(".log").evaluate((log) => {
				log.scrollTop = 300;
			});
			return first.page.getByRole("button", { name: "Newest" }).count();
		};
		await expect.poll(scrollUp).toBe(1);
		await expect.poll(() => agentPanelKept.parse(first.kept())).toMatchObject({ draft: "half a tho" });
		await expect.poll(() => agentPanelKept.parse(first.kept()).scrollTop).toBeGreaterThan(200);
		const kept = first.kept();
		await first.close();
		const { page } = await open(aPanelState({ messages }), { kept });
		expect(await page.locator("textarea").inputValue()).toBe("half a tho");
		await expect.poll(() => page.locator(".log").evaluate((log) => log.scrollTop)).toBeGreaterThan(200);
		await page.getByRole("button", { name: "Newest" }).click();
		await expect
			.poll(() => page.locator(".log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight))
			.toBeLessThan(30);
	});

	test.each(["dark", "light", "high-contrast"] as const)("is read in %s, at 300 px too", async (theme) => {
		const messages = [
			askedMessage("m1", "why @run:owl?"),
			answered("m2", tool("t1", "read train.py", "done"), words("It **is** `so`.")),
		];
		const [first, ...others] = aPanelState().conversations;
		const conversations = [...(first ? [{ ...first, keptIn: "relay" as const, waiting: 2 }] : []), ...others];
		const item = { label: "train.py", kind: "file", tokens: 1, leftOut: "2 secrets", text: "" } as const;
		const preview = { items: [item], tokens: 9, isCounted: false, tokensBefore: 3, tools: 2, toolTokens: 4 };
		const { page } = await open(aPanelState({ messages, conversations }), {
			...{ theme, width: 300, reducedMotion: true },
			answers: { preview: () => preview },
		});
		await expect.poll(() => page.locator(".words").count()).toBe(1);
		await page.getByRole("textbox", { name: "Ask Gamma" }).fill("why?");
		await page.getByRole("button", { name: "See what will be sent" }).click();
		await page.locator(".send-preview .left-out").waitFor();
		const isReadable = async () => {
			expect(await faintTexts(page as unknown as Parameters<typeof faintTexts>[0])).toEqual([]);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
		};
		await isReadable();
		await page.locator(".title-button").click();
		await page.locator(".conversations .warn").waitFor();
		await isReadable();
	});

	test("a conversation of 500 messages streams on", async () => {
		const long = "The loss is worse. `x` and **y**.\n\n".repeat(6);
		const messages: Message[] = Array.from({ length: 500 }, (_, i) =>
			i % 2 ? answered(`m${i}`, words(long)) : askedMessage(`m${i}`, `why ${i}?`),
		);
		const { page, stream } = await open(aPanelState({ messages, open: writing() }));
		await expect.poll(() => page.locator("gamma-message").count()).toBe(500);
		await page.evaluate(() => {
			const longTasks: number[] = [];
			new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
				entryTypes: ["longtask"],
			});
			Object.assign(window, { longTasks });
		});
		let text = "";
		for (let at = 0; at < 60; at++) {
			text += `word ${at} and **more** of it. `;
			await stream([answered("m499", words(long + text))]);
		}
		await expect.poll(() => page.locator("gamma-message").last().textContent()).toContain("word 59");
		const longTasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
		process.stdout.write(
			`    ${longTasks.length} tasks over 50 ms while 60 updates streamed into 500 messages, the longest ${Math.round(Math.max(0, ...longTasks))} ms\n`,
		);
	});
});
