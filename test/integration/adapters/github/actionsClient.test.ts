import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ActionsClient } from "../../../../src/adapters/github/actionsClient";
import type { WorkflowAnswer } from "../../../../src/core/jobs/workflowRuns";
import { tellJob } from "../../../../src/core/jobs/workflowState";
import { GithubActions, type ListedRun } from "../../../support/githubActions";
import { commit } from "../../../support/webhooks";

let github: GithubActions;
let client: ActionsClient;
beforeEach(async () => {
	github = await GithubActions.start();
	client = new ActionsClient({ apiUrl: github.url });
});
afterEach(() => github.close());

const list = (signal?: AbortSignal) => client.list("acme/digits", github.token, signal);
const many = (count: number): ListedRun[] =>
	Array.from({ length: count }, (_, n) => ({ id: 9_000 - n, branch: "models/a", sha: commit(n) }));

async function runsOf(answer: Promise<WorkflowAnswer>) {
	const given = await answer;
	if (given.is !== "runs") throw new Error(given.reason);
	return given.runs;
}

async function failureOf(answer: Promise<WorkflowAnswer>) {
	const given = await answer;
	if (given.is !== "failed") throw new Error("It did not fail.");
	return given;
}

describe("what is asked", () => {
	test("runs that pushes began, with the token, as GitHub's API wants it", async () => {
		github.runs = [
			{
				id: 2,
				branch: "models/a",
				sha: commit(2),
				message: "Warm up",
				actor: "bob",
				createdAt: "2026-01-02T00:00:00Z",
			},
			{ id: 1, branch: "main", sha: commit(1) },
		];
		expect(await runsOf(list())).toEqual([
			expect.objectContaining({
				id: "2",
				branch: "models/a",
				commitSha: commit(2),
				message: "Warm up",
				author: "bob",
				url: "https://github.com/acme/digits/actions/runs/2",
				createdMs: Date.parse("2026-01-02T00:00:00Z"),
			}),
		]);
		expect(github.asked).toEqual([
			{
				method: "GET",
				path: "/repos/acme/digits/actions/runs?event=push&per_page=50",
				etag: null,
				token: github.token,
				status: 200,
			},
		]);
	});

	test("the same again is answered 304 and gives the same runs", async () => {
		github.runs = [{ id: 1, branch: "models", sha: commit(1) }];
		const first = await runsOf(list());
		expect(await runsOf(list())).toEqual(first);
		expect(github.asked.map(({ status }) => status)).toEqual([200, 304]);

		github.runs = [{ id: 2, branch: "models", sha: commit(2) }, ...github.runs];
		expect((await runsOf(list())).map(({ id }) => id)).toEqual(["2", "1"]);
		expect(github.asked.at(-1)?.status).toBe(200);
	});

	test("what is nearly used up of the quota is left to the person, until the limit's end", async () => {
		github.runs = [{ id: 1, branch: "models", sha: commit(1) }];
		github.left = 49;
		await runsOf(list());
		const { why, reason, notBeforeMs } = await failureOf(list());
		expect([why, reason]).toEqual(["limited", expect.stringMatching(/asked again in (59|60) min/)]);
		expect(notBeforeMs).toBeGreaterThan(Date.now() + 3_500_000);
		expect(github.asked).toHaveLength(1);
	});

	test("another account's token never meets what the first one saw", async () => {
		github.runs = [{ id: 1, branch: "models", sha: commit(1) }];
		await runsOf(list());
		github.token = "gho_another";
		await runsOf(list());
		expect(github.asked.map(({ etag }) => etag)).toEqual([null, null]);
	});

	test("pages follow GitHub's links, and end where Gamma has enough", async () => {
		github.runs = many(120);
		expect((await runsOf(list())).map(({ id }) => id)).toEqual(github.runs.map(({ id }) => String(id)));
		expect(github.asked).toHaveLength(3);

		github.asked.length = 0;
		github.runs = many(1_000);
		expect(await runsOf(list())).toHaveLength(150);
		expect(github.asked).toHaveLength(3);
	});

	test("a link to another host is not followed, and the token not sent there", async () => {
		let asked = 0;
		const stranger = createServer((_request, response) => {
			asked++;
			response.end("{}");
		});
		await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
		const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/steal`;
		github.instead = () => ({ status: 200, headers: { link: `<${url}>; rel="next"` }, body: { workflow_runs: [] } });
		expect(await runsOf(list())).toEqual([]);
		github.instead = () => ({ status: 301, headers: { location: url }, body: {} });
		expect((await failureOf(list())).why).toBe("refused");
		expect(asked).toBe(0);
		await new Promise((done) => stranger.close(done));
	});

	test("a repository that was renamed is found where GitHub sends the question", async () => {
		github.runs = [{ id: 1, branch: "models", sha: commit(1) }];
		github.instead = (path) =>
			path.startsWith("/repos/acme/old") ? { status: 301, headers: { location: path.replace("old", "digits") } } : null;
		expect(await runsOf(client.list("acme/old", github.token))).toHaveLength(1);
	});
});

describe("a run that failed", () => {
	const failed: ListedRun = { id: 7, branch: "models/a", sha: commit(7), conclusion: "failure" };
	const job = {
		id: 71,
		name: "train",
		status: "completed",
		conclusion: "failure",
		head_branch: "models/a",
		steps: [
			{ name: "Set up job", status: "completed", conclusion: "success", number: 1 },
			{ name: "Run python train.py", status: "completed", conclusion: "failure", number: 2 },
		],
	};

	test("says at which step, and is asked for it once", async () => {
		github.runs = [failed];
		github.jobs = { 7: [job] };
		const [run] = await runsOf(list());
		expect(run && tellJob(run.fact)).toMatchObject({
			status: "failed",
			reason: "The workflow “Train” failed: job “train”, step “Run python train.py”.",
		});
		await runsOf(list());
		expect(github.asked.filter(({ path }) => path.includes("/jobs"))).toHaveLength(1);

		github.runs = [{ ...failed, attempt: 2 }];
		await runsOf(list());
		expect(github.asked.filter(({ path }) => path.includes("/jobs"))).toHaveLength(2);
	});

	test("is shown without its step where GitHub does not tell it", async () => {
		github.runs = [failed];
		github.instead = (path) => (path.includes("/jobs") ? { status: 404, body: {} } : null);
		const [run] = await runsOf(list());
		expect(run && tellJob(run.fact).reason).toBe("The workflow “Train” failed.");
	});

	test("of many, only the newest are asked for their step", async () => {
		github.runs = many(40).map((run) => ({ ...run, conclusion: "failure" }));
		expect(await runsOf(list())).toHaveLength(40);
		expect(github.asked.filter(({ path }) => path.includes("/jobs"))).toHaveLength(10);
	});
});

describe("refusals are data with a sentence", () => {
	const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
	test.each([
		[
			"a token that has ended",
			{ status: 401, body: { message: "Bad credentials" } },
			"unauthorized",
			/sign in to GitHub again/,
		],
		["a repository it does not show", { status: 404, body: { message: "Not Found" } }, "refused", /acme\/digits/],
		["a server that fails", { status: 502, body: {} }, "unreachable", /502/],
		[
			"an organisation with single sign-on",
			{ status: 403, headers: { "x-github-sso": "required; url=https://github.com/orgs/acme/sso" }, body: {} },
			"refused",
			/single sign-on/,
		],
		["something that is no list", { status: 200, body: { hello: "world" } }, "refused", /not its list/],
	])("%s", async (_what, answer, why, reason) => {
		github.instead = () => answer;
		expect(await failureOf(list())).toMatchObject({ why, reason: expect.stringMatching(reason), notBeforeMs: null });
	});

	test.each([
		["the hour's limit", 403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": () => inSeconds(600) }, {}, 600],
		["Retry-After in seconds", 429, { "retry-after": () => 120 }, {}, 120],
		["a secondary limit that names no time", 403, {}, { message: "You have exceeded a secondary rate limit." }, 60],
		[
			"a reset that is days away",
			403,
			{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": () => inSeconds(1e6) },
			{},
			3600,
		],
	])("%s says when to come back", async (_what, status, headers, body, seconds) => {
		const given = Object.entries(headers).map(([name, value]) => [
			name,
			String(typeof value === "function" ? value() : value),
		]);
		github.instead = () => ({ status, headers: Object.fromEntries(given), body });
		const { why, notBeforeMs } = await failureOf(list());
		expect(why).toBe("limited");
		expect(Math.abs((notBeforeMs ?? 0) - Date.now() - seconds * 1000)).toBeLessThan(5_000);
	});

	test("nobody there", async () => {
		const away = new ActionsClient({ apiUrl: "http://127.0.0.1:9" });
		expect((await failureOf(away.list("acme/digits", "t"))).why).toBe("unreachable");
	});

	test("taken back: the one that rejects", async () => {
		const asking = new AbortController();
		asking.abort();
		await expect(list(asking.signal)).rejects.toMatchObject({ code: "call.cancelled" });
	});

	test("no sentence holds the token", async () => {
		for (const status of [401, 403, 404, 418, 500]) {
			github.instead = () => ({ status, body: { message: github.token } });
			expect((await failureOf(list())).reason).not.toContain(github.token);
		}
	});
});
