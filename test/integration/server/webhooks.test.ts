import { randomUUID } from "node:crypto";
import examples from "@octokit/webhooks-examples";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../../src/shared/relay/job";
import { databases, type RelayUnderTest, startTestRelay, webhookSecret, withDatabase } from "../../support/relay";
import {
	awsSecret,
	commit,
	jobOf,
	noCommit,
	postAws,
	postGithub,
	pushOf,
	runOf,
	sagemakerOf,
	sign,
} from "../../support/webhooks";

const mebibyte = 1_048_576;

describe.each(databases)("webhooks on %s", (kind) => {
	let database: Awaited<ReturnType<typeof withDatabase>>;
	let relay: RelayUnderTest;
	let count = 0;
	beforeAll(async () => {
		database = await withDatabase(kind);
		relay = await startTestRelay({ ...database.environment, AWS_EVENTS_SECRET: awsSecret, LOG_LEVEL: "info" });
	});
	afterAll(async () => {
		await relay.close();
		await database.stop();
	});

	const github = (event: string, body: unknown, options = {}) => postGithub(relay.url, event, body, options);
	const outcome = async (event: string, body: unknown, options = {}) => {
		const answer = await github(event, body, options);
		expect(answer.status).toBe(202);
		return answer.body.outcome;
	};
	async function makeProject(target: "runner" | "sagemaker" = "sagemaker") {
		const repository = `acme/model-${++count}`;
		const made = await relay.ask<{ id: string }>("POST", "/api/projects", {
			body: { name: repository, repository, target },
		});
		expect(made.status).toBe(201);
		const { id } = made.body;
		return {
			id,
			repository,
			/** Oldest first. */
			jobs: async () =>
				(await relay.ask<{ items: Job[] }>("GET", `/api/jobs?project=${id}&limit=500`)).body.items.reverse(),
			read: async () => (await relay.ask("GET", `/api/projects/${id}`)).body,
			patch: (job: string, body: unknown) => relay.ask("PATCH", `/api/jobs/${job}`, { body }),
		};
	}
	const stories = (jobs: readonly Job[]) => jobs.map(({ status, reason, attempt }) => ({ status, reason, attempt }));

	describe("who may post", () => {
		test("only these bytes, signed with the secret, exactly as GitHub writes it", async () => {
			const body = JSON.stringify({ zen: "Keep it logically awesome.", hook_id: 1 });
			const right = sign(body);
			expect((await github("ping", body)).body).toEqual({ outcome: "ping" });
			for (const signature of [
				null,
				"",
				right.slice(0, -1),
				right.toUpperCase(),
				right.replace("sha256", "sha1"),
				right.slice("sha256=".length),
				sign(`${body} `),
				sign(body, "another secret"),
				"sha256=",
				`${right}é`,
			]) {
				expect((await github("ping", body, { signature })).status).toBe(401);
			}
			expect((await github("ping", body.replace(":", ": "), { signature: right })).status).toBe(401);
		});

		test("GitHub's own published example is right, and what follows is only that it is no JSON", async () => {
			expect(webhookSecret).toBe("It's a Secret to Everybody");
			const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
			expect((await github("ping", "Hello, World!", { signature })).status).toBe(400);
			expect((await github("ping", "Hello, World?", { signature })).status).toBe(401);
		});

		test("while the secret is changed the one before is right too, and no other", async () => {
			const both = await startTestRelay({ GITHUB_WEBHOOK_SECRET_BEFORE: "the one before" });
			const statuses: number[] = [];
			for (const secret of [webhookSecret, "the one before", "another", "", `${webhookSecret}the one before`]) {
				const body = JSON.stringify({ zen: secret });
				statuses.push((await postGithub(both.url, "ping", body, { signature: sign(body, secret) })).status);
			}
			expect(statuses).toEqual([202, 202, 401, 401, 401]);
			await both.close();
			const alone = { GITHUB_WEBHOOK_SECRET: "", GITHUB_WEBHOOK_SECRET_BEFORE: "the one before" };
			await expect(startTestRelay(alone)).rejects.toThrow(/GITHUB_WEBHOOK_SECRET must be set/);
		});

		test("without a secret of its own the relay takes nothing", async () => {
			const open = await startTestRelay({ GITHUB_WEBHOOK_SECRET: "" });
			const body = JSON.stringify({ zen: "x" });
			expect((await postGithub(open.url, "ping", body, { signature: sign(body, "") })).status).toBe(401);
			expect((await postGithub(open.url, "ping", body, { signature: sign(body, "null") })).status).toBe(401);
			expect((await postAws(open.url, sagemakerOf("x", "Completed"), "")).status).toBe(401);
			expect((await postAws(open.url, sagemakerOf("x", "Completed"), awsSecret)).status).toBe(401);
			await open.close();
		});

		test("AWS with the shared secret only", async () => {
			const event = sagemakerOf("nobodys", "Completed");
			for (const secret of [null, "", `${awsSecret}x`, awsSecret.slice(1)]) {
				expect((await postAws(relay.url, event, secret)).status).toBe(401);
			}
			expect(await postAws(relay.url, event)).toMatchObject({ status: 202, body: { outcome: "noJob" } });
		});
	});

	test("each example of every event of GitHub is taken, and none makes a job of what is no push to models", async () => {
		const all = examples.flatMap(({ name, examples }) =>
			examples.map((body) => ({ name, body: JSON.stringify(body) })),
		);
		expect(all.length).toBeGreaterThan(300);
		const count = new Map<string, number>();
		for (const { name, body } of all) {
			const key = `${name} ${String(await outcome(name, body))}`;
			count.set(key, (count.get(key) ?? 0) + 1);
		}
		const of = (name: string) => Object.fromEntries([...count].filter(([key]) => key.startsWith(`${name} `)));
		expect(of("push")).toEqual({ "push tag": 5, "push otherBranch": 2 });
		expect(Object.keys(of("workflow_run"))).toEqual(["workflow_run otherBranch"]);
		expect(Object.keys(of("workflow_job"))).toEqual(["workflow_job otherBranch"]);
		expect(Object.keys(of("ping"))).toEqual(["ping ping"]);
		expect([...count.keys()].filter((key) => key.endsWith("unreadable"))).toEqual([]);
		expect((await github("an_event_of_next_year", {})).body).toEqual({ outcome: "otherKind" });
	});

	describe("a push", () => {
		test("to models or below makes one job of its last commit, whatever the repository's case", async () => {
			const project = await makeProject();
			const shouted = project.repository.toUpperCase();
			expect(await outcome("push", pushOf(shouted, "models", commit(1)))).toBe("job");
			expect(await outcome("push", pushOf(project.repository, "models/a", commit(1)))).toBe("job");
			expect(await project.jobs()).toMatchObject([
				{
					branch: "models",
					commitSha: commit(1),
					message: "Train\n\nWith more words.",
					author: "ada",
					status: "pending",
					target: "sagemaker",
					attempt: 1,
				},
				{ branch: "models/a", commitSha: commit(1) },
			]);
			const local = await makeProject("runner");
			await outcome("push", pushOf(local.repository, "models", commit(1)));
			expect(await local.jobs()).toMatchObject([{ target: "runner" }]);
		});

		test("elsewhere, of a tag, a deletion, or an unknown repository makes none", async () => {
			const project = await makeProject();
			const { repository } = project;
			expect(await outcome("push", pushOf(repository, "main", commit(1)))).toBe("otherBranch");
			expect(await outcome("push", pushOf(repository, "models-of-mine", commit(1)))).toBe("otherBranch");
			expect(await outcome("push", { ...pushOf(repository, "x", commit(1)), ref: "refs/tags/models" })).toBe("tag");
			expect(
				await outcome(
					"push",
					pushOf(repository, "models", noCommit, { before: commit(1), deleted: true, head_commit: null }),
				),
			).toBe("branchDeleted");
			expect(await outcome("push", pushOf("acme/nobodys", "models", commit(1)))).toBe("unknownRepository");
			expect(await outcome("push", { ref: "refs/heads/models" })).toBe("unreadable");
			expect(await outcome("push", [])).toBe("unreadable");
			expect(await outcome("push", null)).toBe("unreadable");
			expect(await project.jobs()).toEqual([]);
		});

		test("told again counts once, also at the same moment, under another id or with another body", async () => {
			const project = await makeProject();
			const push = pushOf(project.repository, "models", commit(1));
			const delivery = randomUUID();
			const answers = await Promise.all(Array.from({ length: 8 }, () => outcome("push", push, { delivery })));
			expect(answers.sort()).toEqual(["job", ...Array(7).fill("repeated")]);
			expect(await outcome("push", push)).toBe("replayed");
			const other = pushOf(project.repository, "models", commit(2));
			expect(await outcome("push", other, { delivery })).toBe("repeated");
			// Another hook tells the same push in its own words.
			expect(await outcome("push", { ...push, hook: 2 })).toBe("unchanged");
			const many = await Promise.all(Array.from({ length: 6 }, (_, n) => outcome("push", { ...other, n })));
			expect(many.sort()).toEqual(["job", ...Array(5).fill("unchanged")]);
			expect((await project.jobs()).map(({ commitSha }) => commitSha)).toEqual([commit(1), commit(2)]);
		});

		test("of a commit that had been moved away from is a job again", async () => {
			const project = await makeProject();
			const first = pushOf(project.repository, "models", commit(1));
			const pushes = [
				first,
				pushOf(project.repository, "models", commit(2), { before: commit(1), forced: true }),
				pushOf(project.repository, "models", commit(1), { before: commit(2), forced: true }),
				pushOf(project.repository, "models", commit(2), { before: commit(1), forced: true, pushedAt: 1_700_000_009 }),
			];
			for (const push of pushes) expect(await outcome("push", push)).toBe("job");
			expect(await outcome("push", first)).toBe("replayed");
			expect((await project.jobs()).map(({ commitSha }) => commitSha)).toEqual([1, 2, 1, 2].map(commit));
		});
	});

	describe("a workflow", () => {
		async function pushed(target: "runner" | "sagemaker" = "sagemaker") {
			const project = await makeProject(target);
			await outcome("push", pushOf(project.repository, "models/x", commit(7)));
			const run = { repository: project.repository, branch: "models/x", sha: commit(7), runId: 900 + count };
			return { project, run };
		}

		test("takes its job from waiting over running to its end, with the step that failed", async () => {
			const { project, run } = await pushed();
			const [made] = await project.jobs();
			await outcome("workflow_run", runOf(run, "requested"));
			expect(await project.jobs()).toMatchObject([
				{ id: made?.id, status: "pending", workflowRunId: String(run.runId) },
			]);
			await outcome("workflow_job", jobOf(run, 1, "in_progress"));
			expect(await project.jobs()).toMatchObject([
				{ status: "running", startedAt: "2026-01-01T00:00:10.000Z", completedAt: null },
			]);
			await outcome("workflow_job", jobOf(run, 1, "completed", { conclusion: "failure" }));
			expect(await project.jobs()).toMatchObject([{ status: "running" }]);
			await outcome("workflow_run", runOf(run, "completed", "failure"));
			expect(await project.jobs()).toMatchObject([
				{
					status: "failed",
					reason: "The workflow “Train” failed: job “train”, step “Run training”.",
					completedAt: "2026-01-01T01:00:00.000Z",
				},
			]);
			expect(await outcome("workflow_run", runOf(run, "in_progress"))).toBe("unchanged");
			expect(await project.jobs()).toMatchObject([{ status: "failed" }]);
		});

		test("gives the same job whatever the order, also from before the push came, and tells only what changes", async () => {
			const ends = [];
			for (let round = 0; round < 6; round++) {
				const project = await makeProject();
				const run = { repository: project.repository, branch: "models", sha: commit(9), runId: 5_000 };
				const all: [string, unknown][] = [
					["push", pushOf(project.repository, "models", commit(9))],
					["workflow_run", runOf(run, "requested")],
					["workflow_job", jobOf(run, 1, "queued", { name: "prepare" })],
					["workflow_job", jobOf(run, 1, "completed", { name: "prepare", conclusion: "success" })],
					["workflow_job", jobOf(run, 2, "in_progress")],
					["workflow_job", jobOf(run, 2, "completed", { conclusion: "timed_out" })],
					["workflow_run", runOf(run, "in_progress")],
					["workflow_run", runOf(run, "completed", "failure")],
				];
				const turned = [...all.slice(round), ...all.slice(0, round)];
				const order = round % 2 === 0 ? turned : turned.reverse();
				const seen: string[] = [];
				for (const [event, body] of [...order, ...order]) {
					await outcome(event, body);
					seen.push((await project.jobs())[0]?.status ?? "none");
				}
				const ranks = seen.map((status) => ["none", "pending", "running", "failed", "completed"].indexOf(status));
				if (!ranks.includes(4)) expect(ranks).toEqual([...ranks].sort());
				const [job, ...others] = await project.jobs();
				expect(others).toEqual([]);
				const { id: _, projectId: __, createdAt: ___, ...end } = job ?? ({} as Job);
				ends.push(end);
			}
			expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1);
			expect(ends[0]).toMatchObject({
				status: "failed",
				reason: "The workflow “Train” failed: job “train”, step “Run training”.",
			});
		});

		test("goes on when the run turns out to be under way after all its known jobs had ended", async () => {
			const { project, run } = await pushed();
			await outcome("workflow_job", jobOf(run, 1, "completed", { conclusion: "success" }));
			expect(await project.jobs()).toMatchObject([{ status: "completed" }]);
			await outcome("workflow_run", runOf(run, "in_progress"));
			expect(await project.jobs()).toMatchObject([{ status: "running", completedAt: null }]);
			await outcome("workflow_run", runOf(run, "completed", "failure"));
			expect(await project.jobs()).toMatchObject([{ status: "failed", reason: "The workflow “Train” failed." }]);
		});

		test("run again is another attempt, whichever is told of first", async () => {
			const { project, run } = await pushed();
			const again = { ...run, attempt: 2 };
			await outcome("workflow_run", runOf(again, "in_progress"));
			await outcome("workflow_run", runOf(run, "completed", "cancelled"));
			await outcome("workflow_run", runOf(again, "completed", "success"));
			expect(stories(await project.jobs())).toEqual([
				{ status: "stopped", reason: "The workflow “Train” was cancelled.", attempt: 1 },
				{ status: "completed", reason: null, attempt: 2 },
			]);
		});

		test("leaves what a person has stopped, and jobs that runners train", async () => {
			const { project, run } = await pushed();
			const [job] = await project.jobs();
			await relay.ask("POST", `/api/jobs/${job?.id}/stop`, { body: {} });
			await outcome("workflow_run", runOf(run, "completed", "success"));
			expect(await project.jobs()).toMatchObject([{ status: "stopped" }]);
			const local = await pushed("runner");
			expect(await outcome("workflow_run", runOf({ ...local.run, workflow: "Lint" }, "completed", "success"))).toBe(
				"noJob",
			);
			expect(await local.project.jobs()).toMatchObject([{ status: "pending" }]);
		});

		test("that trains is chosen among those of one push", async () => {
			const { project, run } = await pushed();
			await outcome("workflow_run", runOf({ ...run, runId: 11, workflow: "Lint" }, "requested"));
			await outcome("workflow_run", runOf({ ...run, runId: 12, workflow: "Train" }, "requested"));
			await outcome("workflow_run", runOf({ ...run, runId: 11, workflow: "Lint" }, "completed", "success"));
			expect(await project.jobs()).toMatchObject([{ status: "pending", workflowRunId: "12" }]);
			await outcome("workflow_run", runOf({ ...run, runId: 12, workflow: "Train" }, "completed", "success"));
			expect(await project.jobs()).toMatchObject([{ status: "completed" }]);
		});

		test("of each push of one commit trains its own job, and ids keep all their digits", async () => {
			const { project, run } = await pushed();
			await outcome("push", pushOf(project.repository, "models/x", commit(7), { before: commit(8) }));
			const large = (body: unknown, id: string) => JSON.stringify(body).replace('"id":"ID"', `"id":${id}`);
			const ids = ["9007199254740993", "9007199254740995"];
			for (const id of ids) await outcome("workflow_run", large(runOf({ ...run, runId: "ID" }, "in_progress"), id));
			await outcome("workflow_run", large(runOf({ ...run, runId: "ID" }, "completed", "success"), ids[1] ?? ""));
			expect(await project.jobs()).toMatchObject([
				{ status: "running", workflowRunId: ids[0] },
				{ status: "completed", workflowRunId: ids[1] },
			]);
		});
	});

	test("an installation binds its projects, and stops what waits when it goes", async () => {
		const project = await makeProject();
		const other = await makeProject();
		const installation = { id: 77_000 + count };
		const repositories = [{ id: 1, full_name: project.repository.toUpperCase() }];
		const created = { action: "created", installation, repositories };
		await outcome("installation", created);
		expect(await project.read()).toMatchObject({ installationId: String(installation.id) });
		for (const { repository } of [project, other]) await outcome("push", pushOf(repository, "models", commit(1)));
		await outcome("installation", { action: "suspend", installation });
		expect(stories(await project.jobs())).toEqual([
			{ status: "stopped", reason: "The GitHub App was suspended on the repository's account.", attempt: 1 },
		]);
		expect(await other.jobs()).toMatchObject([{ status: "pending" }]);
		const later = { id: 78_000 + count };
		await outcome("installation_repositories", {
			action: "added",
			installation: later,
			repositories_added: repositories,
		});
		// A replay of the first one would bind the project to what is no more.
		expect(await outcome("installation", created)).toBe("replayed");
		expect(await project.read()).toMatchObject({ installationId: String(later.id) });
		await outcome("push", pushOf(project.repository, "models", commit(2)));
		await outcome("installation", { action: "deleted", installation, repositories });
		expect(await project.jobs()).toMatchObject([{ status: "stopped" }, { status: "pending" }]);
		await outcome("installation", { action: "deleted", installation: later, repositories });
		expect(await project.jobs()).toMatchObject([{}, { status: "stopped" }]);
	});

	describe("SageMaker", () => {
		const aws = async (body: unknown) => {
			const answer = await postAws(relay.url, body);
			expect(answer.status).toBe(202);
			return answer.body.outcome;
		};

		test("tells a job by its id, its commit or its name, in any order and more than once", async () => {
			const project = await makeProject();
			for (const n of [1, 2, 3]) await outcome("push", pushOf(project.repository, "models", commit(n)));
			const [byId, byCommit, byName] = await project.jobs();
			const name = (n: number) => `train-${count}-${n}`;
			const tags = [
				{ "gamma:job": byId?.id },
				{ "gamma:commit": byCommit?.commitSha, "gamma:project": project.id },
				undefined,
			];
			await project.patch(byName?.id ?? "", { sagemakerJobName: name(2) });
			for (const [n, Tags] of tags.entries()) {
				const running = sagemakerOf(name(n), "InProgress", { Tags });
				const failed = sagemakerOf(name(n), "Failed", { Tags, FailureReason: "AlgorithmError: exit code 1" });
				const order = n === 0 ? [running, failed] : [failed, running];
				for (const event of order) await aws(event);
				expect(await aws(running)).toBe("repeated");
				expect(await aws({ ...running, id: randomUUID() })).toBe("unchanged");
			}
			for (const [n, job] of (await project.jobs()).entries()) {
				expect(job).toMatchObject({
					status: "failed",
					reason: "AlgorithmError: exit code 1",
					sagemakerJobName: name(n),
					startedAt: "2026-01-01T00:01:40.000Z",
					completedAt: "2026-01-01T01:00:00.000Z",
				});
			}
		});

		test("is heard of jobs that were not there yet, whoever made or named them then", async () => {
			const project = await makeProject();
			const name = (n: number) => `early-${count}-${n}`;
			const Tags = { "gamma:commit": commit(1), "gamma:project": project.repository };
			for (const [status, more] of [
				["Failed", { FailureReason: "AlgorithmError: exit code 2", Tags }],
				["InProgress", { Tags }],
			] as const) {
				expect(await aws(sagemakerOf(name(1), status, more))).toBe("noJob");
			}
			expect(await aws(sagemakerOf(name(2), "Completed"))).toBe("noJob");
			expect(await aws(sagemakerOf(name(3), "Stopped", { Tags: { "gamma:commit": commit(3) } }))).toBe("noJob");
			for (const n of [1, 2, 3]) await outcome("push", pushOf(project.repository, "models", commit(n)));
			const ended = { startedAt: "2026-01-01T00:01:40.000Z", completedAt: "2026-01-01T01:00:00.000Z" };
			const [byCommit, other, strange] = await project.jobs();
			const failed = { status: "failed", reason: "AlgorithmError: exit code 2", sagemakerJobName: name(1), ...ended };
			expect(byCommit).toMatchObject(failed);
			expect(other).toMatchObject({ status: "pending", sagemakerJobName: null });
			// A commit alone, without its project, tells nothing.
			expect(strange).toMatchObject({ status: "pending", sagemakerJobName: null });
			await project.patch(other?.id ?? "", { sagemakerJobName: name(2) });
			expect((await project.jobs())[1]).toMatchObject({ status: "completed", sagemakerJobName: name(2), ...ended });
			// What was heard is used up: the same commit trained again is another training.
			const again = await relay.ask("POST", "/api/jobs", { body: { retryOf: byCommit?.id } });
			expect(again.body).toMatchObject({ status: "pending", attempt: 2, sagemakerJobName: null });
			expect((await project.jobs())[0]).toMatchObject(failed);
		});

		test("says how a training ends that a workflow only submitted", async () => {
			const project = await makeProject();
			await outcome("push", pushOf(project.repository, "models", commit(1)));
			const run = { repository: project.repository, branch: "models", sha: commit(1), runId: 321 };
			const [job] = await project.jobs();
			await aws(sagemakerOf(`submitted-${count}`, "InProgress", { Tags: { "gamma:job": job?.id } }));
			await outcome("workflow_run", runOf(run, "completed", "success"));
			expect(await project.jobs()).toMatchObject([{ status: "running", workflowRunId: "321" }]);
			await aws(sagemakerOf(`submitted-${count}`, "Stopped", { SecondaryStatus: "MaxRuntimeExceeded" }));
			expect(await project.jobs()).toMatchObject([
				{ status: "stopped", reason: "SageMaker stopped it: it ran longer than its limit." },
			]);
		});

		test("and what else EventBridge sends is passed by", async () => {
			expect(await aws({ ...sagemakerOf("x", "Failed"), "detail-type": "Scheduled Event" })).toBe("otherKind");
			expect(await aws({ id: "x", nothing: true })).toBe("otherKind");
			expect(await aws(sagemakerOf("x", "Dreaming"))).toBe("unreadable");
			expect(await aws([])).toBe("otherKind");
			expect((await postAws(relay.url, "{")).status).toBe(400);
		});
	});

	describe("bodies that nobody means", () => {
		test("are refused or cleaned, and the relay lives", async () => {
			const project = await makeProject();
			const push = (message: string, n: number) =>
				JSON.stringify(pushOf(project.repository, "models", commit(n), { message: "MESSAGE" })).replace(
					"MESSAGE",
					message,
				);
			expect(await outcome("push", push("NUL \\u0000 here", 1))).toBe("job");
			expect(await outcome("push", push("half \\ud83d here", 2))).toBe("job");
			expect(await outcome("push", push('x","__proto__":{"polluted":1},"y":"', 3))).toBe("job");
			expect((await project.jobs()).map(({ message }) => message)).toEqual([
				"NUL \uFFFD here",
				"half \uFFFD here",
				"x",
			]);
			expect(({} as { polluted?: number }).polluted).toBeUndefined();
			const deep = "[".repeat(100_000) + "]".repeat(100_000);
			for (const body of [deep, `{"a":${deep}}`, "", "{", '{"a":1}x', "\uFEFF{", "NaN"]) {
				expect((await github("push", body)).status).toBe(400);
			}
			expect((await github("push", "x".repeat(100), { signature: "sha256=0" })).status).toBe(401);
			expect((await relay.ask("GET", "/api/health")).status).toBe(200);
		});

		test("of 25 MB are taken, and larger ones are not", async () => {
			const padding = (bytes: number) => `{"zen":"${"x".repeat(bytes - '{"zen":""}'.length)}"}`;
			expect(await outcome("ping", padding(25 * mebibyte))).toBe("ping");
			const answer = await github("ping", padding(25 * mebibyte + 1)).catch(() => ({
				status: 413,
				body: { status: 413 },
			}));
			expect(answer).toMatchObject({ status: 413, body: { status: 413 } });
		});
	});

	test("its log tells the delivery, its outcome and its job, and neither body nor secret", async () => {
		const project = await makeProject();
		const delivery = randomUUID();
		await outcome("push", pushOf(project.repository, "models", commit(1), { message: "words of nobody's log" }), {
			delivery,
		});
		const [job] = await project.jobs();
		const line = relay.log.map((text) => JSON.parse(text)).find((one) => one.delivery === delivery);
		expect(line).toMatchObject({
			source: "github",
			kind: "push",
			outcome: "job",
			projectId: project.id,
			jobId: job?.id,
		});
		expect(line.reqId).toBeTruthy();
		expect(line.count).toBeGreaterThan(0);
		const log = relay.log.join("");
		for (const word of ["words of nobody's log", webhookSecret, awsSecret]) expect(log).not.toContain(word);
		expect(relay.log.filter((text) => JSON.parse(text).level >= 50)).toEqual([]);
	});
});
