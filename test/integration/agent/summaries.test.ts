import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AnthropicClaude } from "../../../src/adapters/anthropic/anthropicClaude";
import { readCommitChange } from "../../../src/adapters/git/commitChange";
import { GitCommand } from "../../../src/adapters/git/gitCommand";
import { RelayClient } from "../../../src/adapters/relay/relayClient";
import { askOnce } from "../../../src/core/agent/askOnce";
import { shortModel } from "../../../src/core/agent/shortModel";
import { RelaySummaries } from "../../../src/core/summaries/relaySummaries";
import { SummaryBook } from "../../../src/core/summaries/summaryBook";
import { ClaudeServer, type Reply } from "../../support/claudeServer";
import { GitProject } from "../../support/gitProject";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { accessTo } from "../../support/relayAccess";
import { testLogger } from "../../support/testLogger";

describe("a commit's summary, with real git, a real relay and Claude's wire format", () => {
	const project = new GitProject();
	const command = new GitCommand("git", project.folder);
	let relay: RelayUnderTest;
	let client: RelayClient;
	let claude: ClaudeServer;
	let projectId: string;

	beforeAll(async () => {
		[relay, claude] = await Promise.all([startTestRelay(), ClaudeServer.start()]);
		client = new RelayClient({ url: relay.url, access: accessTo(relay.url, relay.token ?? ""), logger: testLogger });
		projectId = (await client.makeProject({ name: "Digits", repository: "ada/digits" })).id;
	});
	afterAll(async () => {
		await Promise.all([relay?.close(), claude?.close()]);
		project.remove();
	});

	/** As another member's window has it: nothing is shared but the relay. */
	const makeBook = () =>
		new SummaryBook({
			stores: () => [new RelaySummaries(client, projectId)],
			changeOf: (sha, signal) => readCommitChange(command, sha, signal),
			ask: async (question, options) => {
				const asked = new AnthropicClaude({ apiKey: claude.key, baseUrl: claude.url });
				return askOnce(asked, shortModel("", await asked.models()), question, options);
			},
			nowMs: Date.now,
			logger: { ...testLogger, warn: () => {} },
		});

	test("is streamed, says what was sent, and is the team's from then on without another question", async () => {
		project.commit("Begin", { "train.py": "lr = 0.1\n", ".env": "TOKEN=one\n" });
		const sha = project.commit("Raise lr", { "train.py": "lr = 0.5\n", ".env": "TOKEN=two\n" });
		claude.script({ blocks: [{ text: "It raises the learning rate fivefold, which may make the loss diverge." }] });
		const book = makeBook();
		const shown: string[] = [];
		book.onDidChange(() => {
			const state = book.of(sha);
			if (state?.kind === "writing") shown.push(state.text);
		});
		await book.generate(sha);
		expect(shown.length).toBeGreaterThan(3);
		expect(shown[1]).toBe("It raises th");
		const [asked] = claude.asked;
		expect(asked?.body).toMatchObject({ model: "claude-haiku-4-5", max_tokens: 1_000 });
		expect(asked?.text).toContain("+lr = 0.5");
		expect(asked?.text).toContain("left out, as files of secrets: .env");
		expect(asked?.text).not.toContain("TOKEN=");

		const other = makeBook();
		await other.look(sha);
		expect(other.of(sha)).toMatchObject({
			kind: "ready",
			isStale: false,
			summary: {
				text: "It raises the learning rate fivefold, which may make the loss diverge.",
				model: "claude-haiku-4-5",
			},
		});
		expect(claude.asked).toHaveLength(1);
	});

	test("is stale where the commit keeps its id and has another parent than when it was written", async () => {
		const parent = project.commit("Before", { "train.py": "lr = 0.3\n" });
		const sha = project.commit("Tune", { "train.py": "lr = 0.2\n" });
		claude.script({ blocks: [{ text: "It lowers it." }] });
		await makeBook().generate(sha);
		const stateNow = async () => {
			const book = makeBook();
			await book.look(sha);
			return book.of(sha);
		};
		// Settings of the person's own diffs change no word of it.
		project.git("config", "diff.context", "9");
		project.git("config", "diff.noprefix", "true");
		project.git("config", "core.abbrev", "15");
		expect(await stateNow()).toMatchObject({ kind: "ready", isStale: false });
		// A shallow clone ends at the commit: its diff is all of it then.
		writeFileSync(join(project.folder, ".git", "shallow"), `${sha}\n`);
		expect(await stateNow()).toMatchObject({ kind: "ready", isStale: true });
		rmSync(join(project.folder, ".git", "shallow"));
		expect(await stateNow()).toMatchObject({ kind: "ready", isStale: false });
		expect(project.git("rev-parse", "HEAD^")).toBe(parent);
	});

	test("that fails says what the service said, and a cut or empty answer keeps nothing", async () => {
		const sha = project.commit("Again", { "train.py": "lr = 0.25\n" });
		const book = makeBook();
		const outcomeOf = async (reply: Reply) => {
			claude.script(reply);
			await book.generate(sha);
			return book.of(sha);
		};
		expect(
			await outcomeOf({ status: 401, error: { type: "authentication_error", message: "invalid x-api-key" } }),
		).toMatchObject({
			kind: "failed",
			needsKey: true,
			message: expect.stringMatching(/set another/),
		});
		expect(await outcomeOf({ blocks: [{ text: "It was to say more" }], cutAfter: 5 })).toMatchObject({
			kind: "failed",
		});
		expect(await outcomeOf({ blocks: [{ text: " " }] })).toMatchObject({
			kind: "failed",
			message: expect.stringContaining("ask again"),
		});
		expect(await client.summary(projectId, sha)).toBeNull();
		expect(await outcomeOf({ blocks: [{ text: "Cut" }], stop: "max_tokens" })).toMatchObject({
			summary: { text: "Cut…" },
		});
	});

	test("is of a first commit as a whole, and of a commit that is not here not at all", async () => {
		const first = project.git("rev-list", "--max-parents=0", "HEAD");
		expect(await readCommitChange(command, first)).toMatchObject({
			message: "Begin",
			diff: expect.stringContaining("+lr = 0.1"),
		});
		expect(await readCommitChange(command, "f".repeat(40))).toBeNull();
		const moved = project.commit("Rename", { "fit.py": project.git("show", "HEAD:train.py"), "train.py": "" });
		expect((await readCommitChange(command, moved))?.diff).toContain("train.py");
	});
});
