import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localUser } from "../../../server/auth";
import { eventData } from "../../../src/shared/relay/event";
import { type Job, jobSchema } from "../../../src/shared/relay/job";
import { type Project, projectSchema } from "../../../src/shared/relay/project";
import { databases, type RelayUnderTest, startTestRelay, withDatabase } from "../../support/relay";
import { sha } from "../../support/userRoutes";

interface Page<T> {
	items: T[];
	next: string | null;
}

describe.each(databases)("the routes of a local relay on %s", (kind) => {
	let stopDatabase: () => Promise<void>;
	let relay: RelayUnderTest;
	beforeAll(async () => {
		const { environment, stop } = await withDatabase(kind);
		stopDatabase = stop;
		relay = await startTestRelay(environment);
	});
	afterAll(async () => {
		await relay?.close();
		await stopDatabase?.();
	});

	const give = async <T>(status: number, method: string, path: string, body?: unknown): Promise<T> => {
		const answer = await relay.ask<T>(method, path, { body });
		expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(status);
		return answer.body;
	};
	const makeProject = (more: object = {}) =>
		give<Project>(201, "POST", "/api/projects", {
			name: "Digits",
			repository: `ada/${crypto.randomUUID()}`,
			...more,
		});
	const makeJob = (project: Project, more: object = {}) =>
		give<Job>(201, "POST", "/api/jobs", { projectId: project.id, branch: "models", commitSha: sha, ...more });
	const patch = (job: Job, body: object, status = 200) => give<Job>(status, "PATCH", `/api/jobs/${job.id}`, body);
	/** Every page of a list, two a time. */
	const readAll = async <T>(path: string): Promise<T[]> => {
		const all: T[] = [];
		for (let next: string | null = ""; next !== null; ) {
			const join = path.includes("?") ? "&" : "?";
			const page: Page<T> = await give(200, "GET", `${path}${join}limit=2${next === "" ? "" : `&before=${next}`}`);
			expect(page.items.length).toBeLessThanOrEqual(2);
			if (page.next !== null) expect(page.next).toMatch(/^\d+$/);
			all.push(...page.items);
			next = page.next;
		}
		return all;
	};

	test("a project is made, read, changed and removed with all of it", async () => {
		const made = await makeProject({ s3Bucket: "models", mlflowExperiment: "digits" });
		expect(projectSchema.parse(made)).toMatchObject({
			name: "Digits",
			installationId: null,
			s3Bucket: "models",
			s3Prefix: null,
			mlflowExperiment: "digits",
			target: "runner",
			ownerId: localUser.id,
		});
		expect(await give(200, "GET", `/api/projects/${made.id}`)).toEqual(made);
		const body = { name: "Letters", s3Bucket: null, target: "sagemaker", installationId: "42" };
		const changed = await give<Project>(200, "PATCH", `/api/projects/${made.id}`, body);
		expect(changed).toEqual({ ...made, ...body, updatedAt: changed.updatedAt });
		expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(made.updatedAt));
		await give(400, "PATCH", `/api/projects/${made.id}`, { colour: "red" });
		const job = await makeJob(made);
		expect(await give(204, "DELETE", `/api/projects/${made.id}`)).toBe("");
		await give(404, "GET", `/api/projects/${made.id}`);
		await give(404, "GET", `/api/jobs/${job.id}`);
		await give(404, "DELETE", `/api/projects/${made.id}`);
	});

	test("a repository has one project, however it is spelled", async () => {
		const made = await makeProject();
		const again = { name: "again", repository: made.repository.toUpperCase() };
		await give(409, "POST", "/api/projects", again);
		const other = await makeProject();
		await give(409, "PATCH", `/api/projects/${other.id}`, { repository: made.repository });
	});

	test("lists are newest first and come in pages, without a gap or a repeat", async () => {
		const projects: Project[] = [];
		for (let count = 0; count < 5; count++) projects.push(await makeProject());
		const listed = await readAll<Project>("/api/projects");
		expect(listed.slice(0, 5)).toEqual(projects.reverse());
		const [project] = projects as [Project];
		const jobs: Job[] = [];
		for (const branch of ["models", "models/a", "models", "models/a", "models"]) {
			jobs.push(await makeJob(project, { branch }));
		}
		jobs.reverse();
		const of = `/api/jobs?project=${project.id}`;
		expect(await readAll(of)).toEqual(jobs);
		expect((await readAll<Job>("/api/jobs")).slice(0, 5)).toEqual(jobs);
		expect(await readAll(`${of}&branch=models/a`)).toEqual(jobs.filter(({ branch }) => branch === "models/a"));
		const running = await patch(jobs[0] as Job, { status: "running" });
		expect(await readAll(`${of}&status=running`)).toEqual([running]);
		expect(await readAll(`${of}&status=running&branch=models/a`)).toEqual([]);
		expect(await give(200, "GET", `${of}&limit=5`)).toMatchObject({ next: null });
	});

	test("the last owner of a project stays, and their role too", async () => {
		const project = await makeProject();
		const members = `/api/projects/${project.id}/members`;
		const me = { userId: localUser.id, name: localUser.name, role: "owner" };
		expect(await give(200, "GET", members)).toEqual({ items: [me], next: null });
		await give(409, "DELETE", `${members}?userId=${localUser.id}`);
		await give(409, "POST", members, { userId: localUser.id, role: "viewer" });
		await give(201, "POST", members, { userId: localUser.id, role: "owner" });
		await give(404, "DELETE", `${members}?userId=77777777-7777-4777-8777-777777777777`);
		await give(400, "DELETE", members);
		expect(await give(200, "GET", members)).toEqual({ items: [me], next: null });
	});

	test("a job made by hand waits in its project's place, and says what became of it", async () => {
		const project = await makeProject({ target: "sagemaker" });
		const job = await makeJob(project, { message: "by hand", commitSha: sha.toUpperCase() });
		expect(jobSchema.parse(job)).toMatchObject({
			projectId: project.id,
			commitSha: sha,
			branch: "models",
			message: "by hand",
			author: "local",
			status: "pending",
			target: "sagemaker",
			attempt: 1,
			startedAt: null,
			completedAt: null,
		});
		const named = await patch(job, { sagemakerJobName: `digits-${job.id}`, workflowRunId: "12345" });
		expect(named).toEqual({ ...job, sagemakerJobName: `digits-${job.id}`, workflowRunId: "12345" });
		const running = await patch(job, { status: "running", progress: 0.25, mlflowRunId: "abc" });
		expect(running).toMatchObject({ status: "running", progress: 0.25, mlflowRunId: "abc", completedAt: null });
		expect(running.startedAt).not.toBeNull();
		await patch(job, { status: "pending" }, 409);
		const failed = await patch(job, { status: "failed", reason: "Out of memory." });
		expect(failed).toMatchObject({ status: "failed", reason: "Out of memory.", startedAt: running.startedAt });
		expect(failed.completedAt).not.toBeNull();
		for (const status of ["pending", "running", "completed", "stopped"]) await patch(job, { status }, 409);
		expect(await patch(job, { status: "failed" })).toEqual(failed);
		expect(await patch(job, { mlflowRunId: "def" })).toEqual({ ...failed, mlflowRunId: "def" });
		await patch(job, {}, 400);
	});

	test("a retry is one more attempt of the same commit, once the last has ended", async () => {
		const job = await makeJob(await makeProject(), { message: "m", params: { lr: 0.1, seed: 1 } });
		await give(409, "POST", "/api/jobs", { retryOf: job.id });
		await patch(job, { status: "failed" });
		const second = await give<Job>(201, "POST", "/api/jobs", { retryOf: job.id, params: { lr: 0.2 } });
		const waits = { status: "pending", reason: null, completedAt: null, progress: null };
		expect(second).toEqual({ ...job, ...waits, id: second.id, attempt: 2, createdAt: second.createdAt });
		const third = await give<Job>(201, "POST", "/api/jobs", { retryOf: job.id });
		expect(third.attempt).toBe(3);
		await give(404, "POST", "/api/jobs", { retryOf: "77777777-7777-4777-8777-777777777777" });
	});

	test("a job that waits stops at once, one that runs is asked to, one that ended is left alone", async () => {
		const project = await makeProject();
		const waiting = await makeJob(project);
		const stopped = await give<Job>(200, "POST", `/api/jobs/${waiting.id}/stop`);
		expect(stopped).toMatchObject({ status: "stopped", reason: "local stopped it before it began.", startedAt: null });
		expect(stopped.completedAt).not.toBeNull();
		await give(409, "POST", `/api/jobs/${waiting.id}/stop`);
		const running = await patch(await makeJob(project), { status: "running" });
		const asked = await give<Job>(200, "POST", `/api/jobs/${running.id}/stop`);
		expect(asked).toEqual({ ...running, reason: "local asked it to stop." });
		expect(await give(200, "POST", `/api/jobs/${running.id}/stop`)).toEqual(asked);
		expect(await readAll<object>(`/api/jobs/${running.id}/history`)).toHaveLength(3);
	});

	test("a job's history is its states with reasons and times, told once each", async () => {
		const job = await makeJob(await makeProject());
		await patch(job, { status: "running" });
		for (const progress of [0.1, 0.2, 0.3]) await patch(job, { progress });
		await patch(job, { status: "failed", reason: "Out of memory." });
		const states = await readAll<{ status: string; reason: string | null; at: string }>(`/api/jobs/${job.id}/history`);
		expect(states.map(({ status, reason }) => [status, reason])).toEqual([
			["failed", "Out of memory."],
			["running", null],
			["pending", null],
		]);
		const times = states.map(({ at }) => Date.parse(at));
		expect(times).toEqual([...times].sort((a, b) => b - a));
	});

	test("comments are read back newest first, with their author", async () => {
		const job = await makeJob(await makeProject());
		const comments = `/api/jobs/${job.id}/comments`;
		for (const text of ["one", "two", "three"]) await give(201, "POST", comments, { text });
		const listed = await readAll<Record<string, unknown>>(comments);
		expect(listed.map(({ text }) => text)).toEqual(["three", "two", "one"]);
		expect(listed[0]).toMatchObject({ jobId: job.id, authorId: localUser.id, author: localUser.name });
		await give(400, "POST", comments, { text: " \n" });
	});

	test("conversations keep their messages, per project and per job", async () => {
		const project = await makeProject();
		const job = await makeJob(project);
		const url = `/api/projects/${project.id}/conversations`;
		const general = await give<{ id: string; updatedAt: string }>(201, "POST", url, {});
		const ofJob = await give<{ id: string }>(201, "POST", url, { title: "Why?", jobId: job.id });
		expect(ofJob).toMatchObject({ projectId: project.id, jobId: job.id, title: "Why?", createdBy: localUser.id });
		expect(await readAll(url)).toEqual([ofJob, general]);
		expect(await readAll(`${url}?job=${job.id}`)).toEqual([ofJob]);
		const elsewhere = await makeJob(await makeProject());
		await give(404, "POST", url, { jobId: elsewhere.id });
		const messages = `/api/conversations/${general.id}/messages`;
		for (const [role, content] of [
			["user", "Why did it fail?"],
			["assistant", "It ran out of memory."],
			["user", "x".repeat(400_000)],
		]) {
			await give(201, "POST", messages, { role, content });
		}
		const said = await readAll<{ role: string; content: string }>(messages);
		expect(said.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
		expect(said[0]?.content).toHaveLength(400_000);
		const [, touched] = await readAll<{ updatedAt: string }>(url);
		expect(Date.parse(touched?.updatedAt ?? "")).toBeGreaterThan(Date.parse(general.updatedAt));
		await give(400, "POST", messages, { role: "system", content: "x" });
	});

	test("what is handed over twice is there once, and keeps what its maker keeps beside the words", async () => {
		const url = `/api/projects/${(await makeProject()).id}/conversations`;
		const id = crypto.randomUUID();
		const made = await give(201, "POST", url, { id, title: "Why?" });
		expect(made).toMatchObject({ id, title: "Why?" });
		expect(await give(201, "POST", url, { id, title: "Again" })).toEqual(made);
		// Another project's is none of this one's.
		await give(404, "POST", `/api/projects/${(await makeProject()).id}/conversations`, { id });
		const messages = `/api/conversations/${id}/messages`;
		const detail = JSON.stringify({ text: "\\u0000 and 😀", picture: "x".repeat(1_500_000) });
		const said = { role: "user", content: "Why does it OVERFIT?", key: "m1", detail };
		const both = await Promise.all([give(201, "POST", messages, said), give(201, "POST", messages, said)]);
		expect(both[0]).toEqual(both[1]);
		expect(both[0]).toMatchObject({ key: "m1", detail });
		await give(201, "POST", messages, { role: "assistant", content: "It has no regulariser." });
		await give(201, "POST", messages, { role: "assistant", content: "It has no regulariser." });
		expect((await readAll<{ key: string | null }>(messages)).map(({ key }) => key)).toEqual([null, null, "m1"]);

		const found = async (words: string) =>
			(await readAll<{ id: string }>(`${url}?words=${encodeURIComponent(words)}`)).map((one) => one.id);
		expect(await found("overfit why regulariser")).toEqual([id]);
		expect(await found("overfit %")).toEqual([]);

		expect(await give(200, "PATCH", `/api/conversations/${id}`, { title: "Overfit" })).toMatchObject({
			title: "Overfit",
		});
		await give(204, "DELETE", `/api/conversations/${id}`);
		await give(404, "GET", messages);
		await give(404, "DELETE", `/api/conversations/${id}`);
	});

	test("a commit's summary is kept, and replaced", async () => {
		const url = `/api/projects/${(await makeProject()).id}/summaries/${sha}`;
		await give(404, "GET", url);
		await give(200, "PUT", url, { summary: "It halves the batch." });
		const written = { summary: "It doubles the batch.", model: "claude", diffHash: "1x2y" };
		const kept = await give(200, "PUT", url, written);
		expect(kept).toMatchObject({ commitSha: sha, ...written });
		expect(await give(200, "GET", url)).toEqual(kept);
		expect(await give(200, "GET", url.replace(sha, sha.toUpperCase()))).toEqual(kept);
		const undated = await give(200, "PUT", url, { summary: "It halves it again." });
		expect(undated).toMatchObject({ model: null, diffHash: null });
	});

	test("what happens is told to the project's feed, as the extension reads it", async () => {
		const project = await makeProject();
		const stop = new AbortController();
		const stream = await fetch(`${relay.url}/api/events?project=${project.id}`, {
			headers: { authorization: `Bearer ${relay.token}` },
			signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
		});
		const job = await makeJob(project);
		const running = await patch(job, { status: "running" });
		await patch(job, { status: "running" });
		await patch(job, { status: "pending" }, 409);
		await give(201, "POST", `/api/jobs/${job.id}/comments`, { text: "Looks fine." });
		let text = "";
		for await (const chunk of stream.body ?? []) {
			text += Buffer.from(chunk).toString();
			if (text.includes("Looks fine.")) break;
		}
		stop.abort();
		const told = [...text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(
			([, name, data]) => [name, JSON.parse(data ?? "")] as const,
		);
		expect(told.map(([name]) => name)).toEqual(["job.created", "job.updated", "comment.created"]);
		expect(told[0]?.[1]).toEqual(job);
		expect(told[1]?.[1]).toEqual(running);
		expect(eventData["comment.created"].parse(told[2]?.[1])).toMatchObject({ jobId: job.id, author: "local" });
	});
});
