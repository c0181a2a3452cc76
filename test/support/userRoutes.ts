import type { Database } from "../../server/database/database";

/** A project with one of everything, made past the routes. */
export interface ProjectFixture {
	readonly projectId: string;
	readonly pendingJobId: string;
	readonly endedJobId: string;
	readonly conversationId: string;
}

export const sha = "0123456789abcdef0123456789abcdef01234567";

/** Who a route is for: `anyone` signed in, or the members that may `see`, `write` or `own` the project. */
export type Need = "anyone" | "see" | "write" | "own";

export interface UserRoute {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** As the OpenAPI document has it. */
	readonly path: string;
	readonly need: Need;
	/** What it answers when all is well. */
	readonly status: number;
	readonly url: (project: ProjectFixture) => string;
	readonly body?: (project: ProjectFixture) => Record<string, unknown>;
}

/** Somebody who has signed in and is in no project. */
export const newcomerId = "99999999-9999-4999-8999-999999999999";

/** Every route on which a person acts. A route of the OpenAPI document that is not here fails `access.test.ts`. */
export const userRoutes: readonly UserRoute[] = [
	{ method: "GET", path: "/api/projects", need: "anyone", status: 200, url: () => "/api/projects" },
	{
		method: "POST",
		path: "/api/projects",
		need: "anyone",
		status: 201,
		url: () => "/api/projects",
		body: () => ({ name: "new", repository: `somebody/new-${crypto.randomUUID()}` }),
	},
	{ method: "GET", path: "/api/projects/{id}", need: "see", status: 200, url: (p) => `/api/projects/${p.projectId}` },
	{
		method: "PATCH",
		path: "/api/projects/{id}",
		need: "own",
		status: 200,
		url: (p) => `/api/projects/${p.projectId}`,
		body: () => ({ name: "renamed", s3Bucket: "bucket", s3Prefix: null }),
	},
	{
		method: "DELETE",
		path: "/api/projects/{id}",
		need: "own",
		status: 204,
		url: (p) => `/api/projects/${p.projectId}`,
	},
	{
		method: "GET",
		path: "/api/projects/{id}/members",
		need: "see",
		status: 200,
		url: (p) => `/api/projects/${p.projectId}/members`,
	},
	{
		method: "POST",
		path: "/api/projects/{id}/members",
		need: "own",
		status: 201,
		url: (p) => `/api/projects/${p.projectId}/members`,
		body: () => ({ userId: newcomerId, role: "member" }),
	},
	{
		method: "DELETE",
		path: "/api/projects/{id}/members",
		need: "own",
		status: 204,
		url: (p) => `/api/projects/${p.projectId}/members?userId=${people.viewer}`,
	},
	{ method: "GET", path: "/api/jobs", need: "anyone", status: 200, url: () => "/api/jobs" },
	{ method: "GET", path: "/api/jobs", need: "see", status: 200, url: (p) => `/api/jobs?project=${p.projectId}` },
	{
		method: "POST",
		path: "/api/jobs",
		need: "write",
		status: 201,
		url: () => "/api/jobs",
		body: (p) => ({
			projectId: p.projectId,
			branch: "models/a",
			commitSha: sha,
			message: "by hand",
			params: { lr: 0.1 },
		}),
	},
	{
		method: "POST",
		path: "/api/jobs",
		need: "write",
		status: 201,
		url: () => "/api/jobs",
		body: (p) => ({ retryOf: p.endedJobId, params: { lr: 0.2 } }),
	},
	{ method: "GET", path: "/api/jobs/{id}", need: "see", status: 200, url: (p) => `/api/jobs/${p.pendingJobId}` },
	{
		method: "PATCH",
		path: "/api/jobs/{id}",
		need: "write",
		status: 200,
		url: (p) => `/api/jobs/${p.pendingJobId}`,
		body: () => ({ status: "running", reason: "It began.", progress: 0.5, mlflowRunId: "abc", workflowRunId: "12" }),
	},
	{
		method: "POST",
		path: "/api/jobs/{id}/stop",
		need: "write",
		status: 200,
		url: (p) => `/api/jobs/${p.pendingJobId}/stop`,
	},
	{
		method: "GET",
		path: "/api/jobs/{id}/history",
		need: "see",
		status: 200,
		url: (p) => `/api/jobs/${p.endedJobId}/history`,
	},
	{
		method: "GET",
		path: "/api/jobs/{id}/comments",
		need: "see",
		status: 200,
		url: (p) => `/api/jobs/${p.endedJobId}/comments`,
	},
	{
		method: "POST",
		path: "/api/jobs/{id}/comments",
		need: "write",
		status: 201,
		url: (p) => `/api/jobs/${p.endedJobId}/comments`,
		body: () => ({ text: "Looks overfit." }),
	},
	{
		method: "GET",
		path: "/api/projects/{id}/conversations",
		need: "see",
		status: 200,
		url: (p) => `/api/projects/${p.projectId}/conversations`,
	},
	{
		method: "POST",
		path: "/api/projects/{id}/conversations",
		need: "write",
		status: 201,
		url: (p) => `/api/projects/${p.projectId}/conversations`,
		body: (p) => ({ title: "Why did it fail?", jobId: p.endedJobId }),
	},
	{
		method: "PATCH",
		path: "/api/conversations/{id}",
		need: "write",
		status: 200,
		url: (p) => `/api/conversations/${p.conversationId}`,
		body: () => ({ title: "Why it failed" }),
	},
	{
		method: "DELETE",
		path: "/api/conversations/{id}",
		need: "own",
		status: 204,
		url: (p) => `/api/conversations/${p.conversationId}`,
	},
	{
		method: "GET",
		path: "/api/conversations/{id}/messages",
		need: "see",
		status: 200,
		url: (p) => `/api/conversations/${p.conversationId}/messages`,
	},
	{
		method: "POST",
		path: "/api/conversations/{id}/messages",
		need: "write",
		status: 201,
		url: (p) => `/api/conversations/${p.conversationId}/messages`,
		body: () => ({ role: "user", content: "Why?" }),
	},
	{
		method: "GET",
		path: "/api/projects/{id}/summaries/{sha}",
		need: "see",
		status: 200,
		url: (p) => `/api/projects/${p.projectId}/summaries/${sha}`,
	},
	{
		method: "PUT",
		path: "/api/projects/{id}/summaries/{sha}",
		need: "write",
		status: 200,
		url: (p) => `/api/projects/${p.projectId}/summaries/${sha}`,
		body: () => ({ summary: "It doubles the batch.", model: "claude" }),
	},
];

export const people = {
	owner: "11111111-1111-4111-8111-111111111111",
	member: "22222222-2222-4222-8222-222222222222",
	viewer: "33333333-3333-4333-8333-333333333333",
	stranger: "44444444-4444-4444-8444-444444444444",
} as const;

/** People's profiles; the relay makes them on first sight, a fixture may need them before. */
export async function makePeople(database: Database, ids: readonly string[]): Promise<void> {
	await database.asRelay(async (transaction) => {
		for (const id of ids) {
			await transaction.query("insert into profiles (id, name) values ($1, $2) on conflict do nothing", [
				id,
				`user-${id.slice(0, 4)}`,
			]);
		}
	});
}

export function makeProject(
	database: Database,
	members: Readonly<Record<string, "owner" | "member" | "viewer">>,
): Promise<ProjectFixture> {
	return database.asRelay(async (transaction) => {
		const one = async (sql: string, values: readonly unknown[]) => {
			const [row] = await transaction.query<{ id: string }>(sql, values);
			if (!row) throw new Error(`nothing was made by ${sql}`);
			return row.id;
		};
		const maker = Object.keys(members)[0];
		const projectId = await one(
			"insert into projects (name, repository, target, owner_id) values ('p', $1, 'runner', $2) returning id",
			[`team/${crypto.randomUUID()}`, maker],
		);
		for (const [id, role] of Object.entries(members)) {
			await transaction.query("insert into members (project_id, user_id, role) values ($1, $2, $3)", [
				projectId,
				id,
				role,
			]);
		}
		const job = (status: string) =>
			one(
				`insert into training_jobs (project_id, commit_sha, branch, status, target, origin)
					values ($1, $2, 'models', $3, 'runner', $3) returning id`,
				[projectId, sha, status],
			);
		const pendingJobId = await job("pending");
		const endedJobId = await job("failed");
		const conversationId = await one(
			"insert into agent_conversations (project_id, created_by) values ($1, $2) returning id",
			[projectId, maker],
		);
		await transaction.query(
			"insert into agent_messages (project_id, conversation_id, role, content) values ($1, $2, 'user', 'secret')",
			[projectId, conversationId],
		);
		await transaction.query(
			"insert into commit_summaries (project_id, commit_sha, summary) values ($1, $2, 'secret')",
			[projectId, sha],
		);
		await transaction.query(
			"insert into comments (project_id, job_id, author_id, text) values ($1, $2, $3, 'secret')",
			[projectId, endedJobId, maker],
		);
		return { projectId, pendingJobId, endedJobId, conversationId };
	});
}

/** One text that differs whenever any row of any table does. */
export async function digestOf(database: Database): Promise<string> {
	const tables = await database.asOwner((transaction) =>
		transaction.query<{ relname: string }>(
			"select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname",
		),
	);
	const digests = tables.map(
		({ relname }) => `select '${relname}' as t, md5(string_agg(r::text, '|' order by r::text)) as d from ${relname} r`,
	);
	return JSON.stringify(await database.asOwner((transaction) => transaction.query(digests.join(" union all "))));
}
