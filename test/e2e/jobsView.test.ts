import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../src/shared/relay/job";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";
import { RelayPlace } from "../support/publishRelay";
import { type RelayUnderTest, startTestRelay } from "../support/relay";
import { makeProject, RunnerOfOne } from "../support/relayRunner";
import { TcpProxy } from "../support/tcpProxy";
import { commit, postGithub, pushOf } from "../support/webhooks";

/** A person has a local relay and pushes: the steps build on each other, in order. */
describe.skipIf(!editorFolder)("a push in the jobs view (needs the editor)", () => {
	const place = new RelayPlace();
	const project = new GitProject();
	let relay: RelayUnderTest;
	/** The editor's way to it, which can be cut. */
	let proxy: TcpProxy;
	let projectId: string;
	let editor: Editor;
	let page: Page;
	let pushes = 0;

	beforeAll(async () => {
		project.git("remote", "add", "origin", "https://github.com/ada/digits.git");
		project.commit("Start", { "train.py": "print('loss=1')\n" });
		relay = await startTestRelay();
		projectId = await makeProject(relay, "ada/digits");
		proxy = await TcpProxy.start();
		proxy.leadTo(relay.url);
		await place.publish({ url: proxy.url, token: relay.token });
		editor = await startEditor({ env: place.environment });
		page = await editor.open(project.folder);
		await page.getByRole("tab", { name: "Gamma" }).first().click();
	});
	afterAll(async () => {
		await editor?.close();
		await proxy?.close();
		await relay?.close();
		project.remove();
		place.remove();
	});

	const row = (name: RegExp): Locator => page.getByRole("treeitem", { name });
	const entry = (words: RegExp | string): Locator => page.locator(".statusbar-item", { hasText: words });
	const view = (): Locator => page.locator(".pane", { has: page.getByRole("button", { name: /Jobs Section$/ }) });

	/** A signed push as GitHub posts it, and the job that it made. */
	async function push(branch: string, message: string): Promise<Job> {
		pushes++;
		const body = pushOf("ada/digits", branch, commit(pushes), { pushedAt: 1_700_000_000 + pushes, message });
		expect((await postGithub(relay.url, "push", body)).status).toBe(202);
		let job: Job | undefined;
		await expect
			.poll(async () => {
				const jobs = await relay.ask<{ items: Job[] }>("GET", `/api/jobs?project=${projectId}`);
				job = jobs.body.items.find(({ commitSha }) => commitSha === commit(pushes));
				return job?.status;
			})
			.toBe("pending");
		return job as Job;
	}

	/** The editor shows no toast while it is driven; its list of notices has them, and closes with what takes the focus. */
	async function notice(words: RegExp): Promise<Locator> {
		const found = page.locator(".notifications-list-container .notification-list-item").filter({ hasText: words });
		await expect
			.poll(
				async () => {
					await runCommand(page, "Notifications: Show Notifications");
					return found.waitFor({ timeout: 4_000 }).then(
						() => true,
						() => false,
					);
				},
				{ timeout: 90_000 },
			)
			.toBe(true);
		return found;
	}

	test("stands there as soon as it is pushed, waiting, on top of its branch", async () => {
		await expect.poll(() => view().textContent(), { timeout: 60_000 }).toContain("live");
		await push("models/lr-sweep", "Warm up for 1000 steps\n\nInstead of 500.");
		await row(/^Warm up for 1000 steps, pending/).waitFor();
		await row(/^models\/lr-sweep, 1 waiting/).waitFor();
		await entry("models/lr-sweep waits").waitFor();
	});

	test("shows its progress and its metric while it runs, in the list and in the status bar", async () => {
		const { items } = (await relay.ask<{ items: Job[] }>("GET", `/api/jobs?project=${projectId}`)).body;
		const runner = await RunnerOfOne.claim(relay, items[0]?.id ?? "");
		await runner.heartbeat({ progress: 0.431, metrics: { step: 431, values: { "train/loss": 0.2149 } } });
		await row(/^Warm up for 1000 steps, running, 43 %, train\/loss 0\.215/).waitFor();
		await entry(/models\/lr-sweep 43 % · train\/loss 0\.215/).waitFor();
		await row(/^models\/lr-sweep, 1 running/).waitFor();
		await runner.complete({ status: "failed", error: "CUDA out of memory. Tried to allocate 2.00 GiB." });
		await row(/^Warm up for 1000 steps, failed, CUDA out of memory$/).waitFor();
	});

	test("is red in the status bar after it failed, until it is opened", async () => {
		const failure = entry("models/lr-sweep failed: CUDA out of memory");
		await failure.waitFor();
		expect(await failure.getAttribute("class")).toContain("error-kind");
		await failure.click();
		await panelFrame(page).getByRole("heading", { name: "Warm up for 1000 steps" }).waitFor();
		await failure.waitFor({ state: "detached" });
	});

	test("tells its end once, with what to do, and can be muted and unmuted", async () => {
		const found = await notice(/✗ models\/lr-sweep failed: CUDA out of memory/);
		expect(await found.getByRole("button").allTextContents()).toEqual(
			expect.arrayContaining(["Show Log", "Open Job", "Mute…"]),
		);
		await found.getByRole("button", { name: "Mute…" }).click();
		await page.locator(".quick-input-list").getByText("Jobs of models/lr-sweep").click();
		const muted = await notice(/Ends of jobs on models\/lr-sweep are not told any more/);
		await muted.getByRole("button", { name: "Undo" }).click();
		await runCommand(page, "Notifications: Clear All Notifications");
	});

	test("keeps its row, selected, when it is tried again, with the first attempt below", async () => {
		const failed = row(/^Warm up for 1000 steps, failed/);
		await failed.click();
		const { items } = (await relay.ask<{ items: Job[] }>("GET", `/api/jobs?project=${projectId}`)).body;
		await relay.ask("POST", "/api/jobs", { body: { retryOf: items[0]?.id } });
		const again = row(/^Warm up for 1000 steps, pending.*attempt 2/);
		await again.waitFor();
		expect(await again.getAttribute("aria-selected")).toBe("true");
		await again.focus();
		await page.keyboard.press("ArrowRight");
		await row(/failed, CUDA out of memory, attempt 1$/).waitFor();
	});

	test("moves no branch that is looked at, and puts a new one on top", async () => {
		await push("models", "Begin anew");
		await row(/^Begin anew, pending/).waitFor();
		await push("models/lr-sweep", "Cosine schedule");
		await row(/^Cosine schedule, pending/).waitFor();
		const branches = await page
			.getByRole("treeitem", { name: /^models/ })
			.evaluateAll((rows) => rows.map((each) => each.getAttribute("aria-label")?.split(",")[0]));
		expect(branches).toEqual(["models", "models/lr-sweep"]);
		await entry("3 jobs wait").waitFor();
	});

	test("counts on the side bar's badge when it ended while nobody looked", async () => {
		await page
			.getByRole("tab", { name: /^Explorer/ })
			.first()
			.click();
		const { items } = (await relay.ask<{ items: Job[] }>("GET", `/api/jobs?project=${projectId}`)).body;
		for (const { id } of items.filter(({ status }) => status === "pending").slice(0, 2)) {
			await relay.ask("POST", `/api/jobs/${id}/stop`);
		}
		await page.getByRole("tab", { name: /^Gamma.*2 jobs ended since you last looked/ }).waitFor();
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
		await page.getByRole("tab", { name: "Gamma", exact: true }).waitFor();
	});

	test("says how old it is while the relay is away, and is live again with it", async () => {
		proxy.leadTo(null);
		proxy.cut();
		await expect.poll(() => view().textContent(), { timeout: 60_000 }).toMatch(/offline for/);
		await push("models/lr-sweep", "While nobody could hear");
		await entry(/\d+ s\b/).waitFor({ timeout: 60_000 });
		expect(await row(/^Cosine schedule/).count()).toBe(1);
		proxy.leadTo(relay.url);
		await row(/^While nobody could hear/).waitFor({ timeout: 60_000 });
		await expect.poll(() => view().textContent(), { timeout: 60_000 }).toContain("live");
	});
});
