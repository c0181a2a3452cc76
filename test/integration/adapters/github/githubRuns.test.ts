import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { githubApiUrl } from "../../../../src/adapters/github/githubApiUrl";
import { GithubRuns } from "../../../../src/adapters/github/githubRuns";
import { ActionsLog } from "../../../../src/core/jobs/actionsLog";
import { stepWords } from "../../../../src/core/jobs/workflowJobs";
import { actionsLogOf, GithubActions } from "../../../support/githubActions";
import { commit } from "../../../support/webhooks";

const run = { host: "github.com", repository: "acme/digits", runId: "7", attempt: 1 };
let github: GithubActions;
let token: string | null;
let runs: GithubRuns;
beforeEach(async () => begin(""));
afterEach(() => github.close());

async function begin(basePath: "" | "/api/v3") {
	await github?.close();
	github = await GithubActions.start(basePath);
	github.runs = [{ id: 7, branch: "models/a", sha: commit(1), conclusion: "failure" }];
	token = github.token;
	runs = new GithubRuns({ apiUrlOf: () => github.url, tokenOf: async () => token });
}

const step = (name: string, told: object) => ({ name, number: 1, status: "completed", conclusion: "success", ...told });

describe("the jobs of a run", () => {
	test("with their steps, of this attempt, and the same again for no quota", async () => {
		github.jobs[7] = [
			{
				...{ id: 70, name: "train", status: "in_progress", conclusion: null, runner_name: "gpu-1" },
				started_at: "2026-01-01T00:00:00Z",
				completed_at: null,
				steps: [
					step("Set up job", { started_at: "2026-01-01T00:00:00Z", completed_at: "2026-01-01T00:00:04Z" }),
					step("Train", { status: "in_progress", conclusion: null, started_at: "2026-01-01T00:00:04Z" }),
					step("Tell", { status: "queued", conclusion: null }),
				],
			},
		];
		const [job] = await runs.jobs(run);
		expect(job).toMatchObject({ id: "70", name: "train", runner: "gpu-1", stage: 1 });
		expect(job?.steps.map((each) => `${each.name}: ${stepWords(each)}`)).toEqual([
			"Set up job: succeeded after 4 s",
			"Train: running",
			"Tell: waiting",
		]);
		await runs.jobs(run);
		expect(github.asked.map(({ path, status }) => `${path} ${status}`)).toEqual([
			"/repos/acme/digits/actions/runs/7/attempts/1/jobs?per_page=100 200",
			"/repos/acme/digits/actions/runs/7/attempts/1/jobs?per_page=100 304",
		]);
	});

	test("are not asked for where little of the quota is left, while what a person does still is", async () => {
		github.jobs[7] = [{ id: 70, name: "train", ...{ status: "in_progress", conclusion: null, steps: [] } }];
		github.left = 49;
		await runs.jobs(run);
		await expect(runs.jobs(run)).rejects.toMatchObject({
			code: "github.refused",
			message: expect.stringMatching(/rate limit is reached: it is asked again in (59|60) min/),
		});
		expect(github.asked.length).toBe(1);
		await runs.change(run, "rerun");
		expect(github.changes).toEqual(["rerun 7"]);
	});

	test("nobody is asked without a sign-in", async () => {
		token = null;
		await expect(runs.jobs(run)).rejects.toMatchObject({
			code: "github.refused",
			message: expect.stringMatching(/Sign in to GitHub/),
		});
		expect(github.asked).toEqual([]);
	});

	test.each([
		[404, {}, /shows your account no workflow runs of acme\/digits/],
		[403, { "retry-after": "120" }, /rate limit is reached: it is asked again in 2 min/],
		[
			429,
			{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 590) },
			/in 1\d min/,
		],
		[500, {}, /GitHub fails \(500\)/],
	])("%i says why and until when", async (status, headers, message) => {
		github.instead = () => ({ status, headers, body: { message: "No" } });
		await expect(runs.jobs(run)).rejects.toMatchObject({
			code: "github.refused",
			message: expect.stringMatching(message),
		});
	});
});

describe("the log of a job", () => {
	test("comes from where GitHub keeps it, which is not told the token", async () => {
		github.logs[70] = actionsLogOf(["loss=0.3"]);
		expect(await runs.log(run, "70")).toContain("loss=0.3");
		expect(github.blobTokens).toEqual([null]);
		expect(github.asked.at(-1)).toMatchObject({ token: github.token, status: 302 });
	});

	test("that is not kept, or no longer", async () => {
		expect(await runs.log(run, "70")).toBeNull();
		github.instead = () => ({ status: 410, body: { message: "Gone" } });
		expect(await runs.log(run, "70")).toBeNull();
	});

	test("at an address that is not secure is not fetched", async () => {
		github.instead = () => ({ status: 302, headers: { location: "http://blobs.example.com/70" } });
		await expect(runs.log(run, "70")).rejects.toMatchObject({ message: expect.stringMatching(/not secure/) });
	});

	test("of 50,000 lines is whole", async () => {
		github.jobs[7] = [{ id: 70, name: "train", status: "completed", conclusion: "failure", steps: [] }];
		github.logs[70] = actionsLogOf(Array.from({ length: 50_000 }, (_, n) => `step ${n} loss=${n / 7}`));
		const { text } = await new ActionsLog(runs, run).pull();
		const lines = text.trimEnd().split("\n");
		expect(lines).toHaveLength(50_001);
		expect(lines.at(-1)).toMatch(/^step 49999 loss=/);
	});
});

describe("what may be done with a run", () => {
	test("again, only what failed again, and cancelled", async () => {
		await runs.change(run, "rerun");
		await runs.change(run, "rerunFailed");
		github.runs = [{ id: 7, branch: "models/a", sha: commit(1), status: "in_progress" }];
		await runs.change(run, "cancel");
		expect(github.changes).toEqual(["rerun 7", "rerun-failed-jobs 7", "cancel 7"]);
		expect(github.asked.every(({ method }) => method === "POST")).toBe(true);
	});

	test("a refusal is said in GitHub's own words", async () => {
		const refused = (message: RegExp) => ({ code: "github.refused", message: expect.stringMatching(message) });
		await expect(runs.change(run, "cancel")).rejects.toMatchObject(
			refused(/Cannot cancel a workflow run that is completed\.$/),
		);
		github.runs = [{ id: 7, branch: "models/a", sha: commit(1), status: "in_progress" }];
		await expect(runs.change(run, "rerun")).rejects.toMatchObject(refused(/already running/));
		github.runs = [];
		await expect(runs.change(run, "rerun")).rejects.toMatchObject(refused(/right to write there/));
		github.instead = () => ({ status: 403, body: { message: "Must have admin rights to Repository." } });
		await expect(runs.change(run, "rerun")).rejects.toMatchObject(refused(/right to write there/));
		github.instead = () => ({
			status: 403,
			headers: { "retry-after": "60" },
			body: { message: "You have exceeded a secondary rate limit." },
		});
		await expect(runs.change(run, "rerun")).rejects.toMatchObject(refused(/asked again in 1 min/));
	});
});

describe("an enterprise", () => {
	test("has its API where its host says", () => {
		expect(githubApiUrl({}, "github.com")).toBe("https://api.github.com");
		expect(githubApiUrl({}, "ghe.acme.dev")).toBe("https://ghe.acme.dev/api/v3");
		expect(githubApiUrl({}, "acme.ghe.com")).toBe("https://api.acme.ghe.com");
		expect(githubApiUrl({ GAMMA_GITHUB_API_URL: "https://evil.example/api/v3" }, "github.com")).toBe(
			"https://api.github.com",
		);
	});

	test("is asked below its base path, pages included", async () => {
		await begin("/api/v3");
		github.jobs[7] = [{ id: 70, name: "train" }];
		github.logs[70] = actionsLogOf(["a"]);
		expect(await runs.jobs({ ...run, host: "ghe.acme.dev" })).toHaveLength(1);
		expect(await runs.log(run, "70")).toContain("a");
		await runs.change(run, "rerun");
		expect(github.asked.every(({ path }) => path.startsWith("/api/v3/repos/acme/digits/"))).toBe(true);
	});
});
