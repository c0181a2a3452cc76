import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { testLogger } from "../../support/testLogger";
import {
	digestOf,
	makePeople,
	makeProject,
	type Need,
	newcomerId,
	type ProjectFixture,
	people,
	sha,
	userRoutes,
} from "../../support/userRoutes";

/** Routes whose callers are no person at work in a project, or that have tests of access of their own. */
const others = [
	/^\/api\/(health|openapi\.json|webhooks\/.*|events|queue\/.*|jobs\/\{\w+\}\/log)$/,
	/^\/api\/(agent\/.*|experiments.*|mlflow\/.*|artifacts\/.*|projects\/\{\w+\}\/commits)$/,
];
const outsiderId = "55555555-5555-4555-8555-555555555555";
const missing: ProjectFixture = {
	projectId: "77777777-7777-4777-8777-777777777777",
	pendingJobId: "77777777-7777-4777-8777-777777777777",
	endedJobId: "77777777-7777-4777-8777-777777777777",
	conversationId: "77777777-7777-4777-8777-777777777777",
};

const mayDo: Readonly<Record<keyof typeof people, readonly Need[]>> = {
	owner: ["anyone", "see", "write", "own"],
	member: ["anyone", "see", "write"],
	viewer: ["anyone", "see"],
	stranger: ["anyone"],
};

function expectedStatus(role: keyof typeof people, need: Need, allowed: number): number {
	if (mayDo[role].includes(need)) return allowed;
	return role === "stranger" ? 404 : 403;
}

describe.skipIf(!postgresFolder)("who may do what (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let database: Database;
	let tokens: Record<keyof typeof people, string>;
	beforeAll(async () => {
		postgres = await startPostgres();
		relay = await startTestRelay(sharedRelay(postgres));
		database = connectPostgres(postgres.url, testLogger);
		await makePeople(database, [...Object.values(people), outsiderId, newcomerId]);
		tokens = Object.fromEntries(
			await Promise.all(Object.entries(people).map(async ([role, id]) => [role, await accessToken(id)])),
		);
	});
	afterAll(async () => {
		await database?.close();
		await relay?.close();
		await postgres?.stop();
	});
	const ours = () =>
		makeProject(database, { [people.owner]: "owner", [people.member]: "member", [people.viewer]: "viewer" });
	const theirs = () => makeProject(database, { [outsiderId]: "owner" });

	test("every route of the OpenAPI document is in the table of access, and the other way round", async () => {
		const { body } = await relay.ask<{ paths: Record<string, Record<string, unknown>> }>("GET", "/api/openapi.json");
		const described = Object.entries(body.paths)
			.filter(([path]) => !others.some((pattern) => pattern.test(path)))
			.flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
		const inTable = new Set(userRoutes.map(({ method, path }) => `${method} ${path}`));
		expect(described.sort()).toEqual([...inTable].sort());
	});

	for (const route of userRoutes) {
		const title = `${route.method} ${route.url(missing).replaceAll(missing.projectId, ":id")}`;
		const ask = (project: ProjectFixture, token: string | null) =>
			relay.ask(route.method, route.url(project), { token, ...(route.body && { body: route.body(project) }) });

		test.each(Object.keys(people) as (keyof typeof people)[])(`${title} (${route.need}) as %s`, async (role) => {
			const project = await ours();
			// A first request makes the profile: not what is looked at here.
			await relay.ask("GET", "/api/projects", { token: tokens[role] });
			const before = await digestOf(database);
			const answer = await ask(project, tokens[role]);
			expect(answer.status, JSON.stringify(answer.body)).toBe(expectedStatus(role, route.need, route.status));
			const isChange = answer.status < 400 && route.method !== "GET";
			expect((await digestOf(database)) !== before).toBe(isChange);
			if (role === "stranger") expect(JSON.stringify(answer.body)).not.toContain(project.projectId);
		});

		test(`${title} tells nobody of another project, nor whoever has no token`, async () => {
			const other = await theirs();
			const project = await ours();
			const before = await digestOf(database);
			expect((await ask(project, null)).status).toBe(401);
			if (route.need !== "anyone") {
				for (const token of Object.values(tokens)) {
					const hidden = await ask(other, token);
					const absent = await ask(missing, token);
					expect(hidden.status).toBe(404);
					expect(hidden.body).toEqual(absent.body);
				}
				expect(await digestOf(database)).toBe(before);
			} else if (route.method === "GET") {
				for (const token of Object.values(tokens)) {
					expect(JSON.stringify((await ask(other, token)).body)).not.toContain(other.projectId);
				}
			}
		});
	}

	test("a job, a comment or a conversation of one project is not reached through another", async () => {
		const [project, other] = [await ours(), await theirs()];
		const before = await digestOf(database);
		const body = { title: "x", jobId: other.endedJobId };
		const url = `/api/projects/${project.projectId}/conversations`;
		expect((await relay.ask("POST", url, { token: tokens.owner, body })).status).toBe(404);
		expect(await digestOf(database)).toBe(before);
	});

	test("nobody of this id has signed in: they cannot be added", async () => {
		const project = await ours();
		const body = { userId: missing.projectId, role: "member" };
		const url = `/api/projects/${project.projectId}/members`;
		expect((await relay.ask("POST", url, { token: tokens.owner, body })).status).toBe(404);
	});

	test("a person gets a profile on first sight, with their name of today", async () => {
		const id = "66666666-6666-4666-8666-666666666666";
		const token = await accessToken(id, { user_metadata: { user_name: "ada" } });
		const name = `first/${crypto.randomUUID()}`;
		const made = await Promise.all([
			relay.ask("POST", "/api/projects", { token, body: { name: "p", repository: name } }),
			relay.ask("GET", "/api/projects", { token }),
		]);
		expect(made.map(({ status }) => status)).toEqual([201, 200]);
		expect(made[0]?.body).toMatchObject({ ownerId: id, target: "sagemaker" });
		const { body } = await relay.ask("GET", `/api/projects/${made[0]?.body.id}/members`, { token });
		expect(body.items).toEqual([{ userId: id, name: "ada", role: "owner" }]);
	});

	test("whoever made a project and was taken out of it has no way back in", async () => {
		const token = tokens.member;
		const made = await relay.ask("POST", "/api/projects", { token, body: { name: "p", repository: "made/once" } });
		const members = `/api/projects/${made.body.id}/members`;
		await relay.ask("POST", members, { token, body: { userId: people.owner, role: "owner" } });
		const { status } = await relay.ask("DELETE", `${members}?userId=${people.member}`, { token: tokens.owner });
		expect(status).toBe(204);
		expect((await relay.ask("GET", `/api/projects/${made.body.id}`, { token })).status).toBe(404);
		const back = database.asUser(people.member, (transaction) =>
			transaction.query("insert into members (project_id, user_id, role) values ($1, $2, 'owner')", [
				made.body.id,
				people.member,
			]),
		);
		await expect(back).rejects.toMatchObject({ code: "42501" });
	});

	test("two owners who take each other out at once leave one", async () => {
		const project = await makeProject(database, { [people.owner]: "owner", [people.member]: "owner" });
		const url = `/api/projects/${project.projectId}/members?userId=${people.owner}`;
		const second = await database.asUser(people.owner, async (transaction) => {
			await transaction.query("delete from members where project_id = $1 and user_id = $2", [
				project.projectId,
				people.member,
			]);
			const asked = relay.ask("DELETE", url, { token: tokens.member });
			// Long enough for the other to come as far as it can while this has not committed.
			await Promise.race([asked, new Promise((done) => setTimeout(done, 500))]);
			return { asked };
		});
		expect((await second.asked).status).toBe(409);
		const left = await database.asRelay((transaction) =>
			transaction.query("select user_id, role from members where project_id = $1", [project.projectId]),
		);
		expect(left).toEqual([{ user_id: people.owner, role: "owner" }]);
	});

	describe("as role authenticated, past the routes", () => {
		const direct = (userId: string, sql: string, values: readonly unknown[] = []) =>
			database.asUser(userId, (transaction) => transaction.query(sql, values));

		test("only what is named here may be done to a table, by anybody but the relay", async () => {
			const rights = await database.asOwner((transaction) =>
				transaction.query<{
					relname: string;
					rights: string;
				}>(`select relname, string_agg(right_name, ',' order by right_name) as rights
					from pg_class, unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) right_name
					where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege('authenticated', oid, right_name)
					group by relname order by relname`),
			);
			expect(Object.fromEntries(rights.map(({ relname, rights: named }) => [relname, named]))).toEqual({
				agent_conversations: "delete,insert,select",
				agent_messages: "insert,select",
				commit_summaries: "insert,select",
				comments: "delete,insert,select",
				events: "select",
				logs: "select",
				members: "delete,insert,select",
				profiles: "insert,select,update",
				projects: "delete,insert,select",
				training_jobs: "insert,select",
			});
			const anon = await database.asOwner((transaction) =>
				transaction.query(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
					and has_table_privilege('anon', oid, 'select, insert, update, delete')`),
			);
			expect(anon).toEqual([]);
		});

		test("a stranger sees no row of any table, and a member all of their project's alone", async () => {
			const [project, other] = [await ours(), await theirs()];
			for (const table of [
				"members",
				"training_jobs",
				"agent_conversations",
				"agent_messages",
				"commit_summaries",
				"comments",
			]) {
				const seen = async (userId: string, projectId: string) =>
					(await direct(userId, `select from ${table} where project_id = $1`, [projectId])).length;
				expect([table, await seen(people.stranger, project.projectId)]).toEqual([table, 0]);
				expect([table, await seen(people.viewer, other.projectId)]).toEqual([table, 0]);
				expect([table, (await seen(people.viewer, project.projectId)) > 0]).toEqual([table, true]);
			}
			for (const table of ["leases", "deliveries"]) {
				await expect(direct(people.owner, `select from ${table}`)).rejects.toMatchObject({ code: "42501" });
			}
			expect(await direct(people.stranger, "select from profiles where id = $1", [people.owner])).toEqual([]);
		});

		test("what a role does not let them is refused, whatever the query", async () => {
			const [project, other] = [await ours(), await theirs()];
			type Refused = readonly [userId: string, sql: string, values: readonly unknown[]];
			/** One row of a table of our project. */
			const put = (userId: string, table: string, columns: string, values: string, other?: string): Refused => [
				userId,
				`insert into ${table} (project_id, ${columns}) values ($1, ${values})`,
				other === undefined ? [project.projectId] : [project.projectId, other],
			];
			const job = "commit_sha, branch, target, origin";
			const message = "conversation_id, role, content";
			const comment = "job_id, author_id, author, text";
			const refused: readonly Refused[] = [
				put(people.stranger, "members", "user_id, role", "auth.uid(), 'owner'"),
				put(people.member, "members", "user_id, role", "$2, 'member'", people.stranger),
				[people.owner, "update projects set owner_id = $2 where id = $1", [project.projectId, people.stranger]],
				[people.owner, "update members set user_id = $2 where project_id = $1", [project.projectId, people.stranger]],
				[
					people.stranger,
					"insert into projects (name, repository, target, owner_id) values ('x', 'a/forged', 'runner', $1)",
					[people.owner],
				],
				put(people.viewer, "training_jobs", job, "'x', 'x', 'runner', 'x'"),
				[
					people.member,
					"update training_jobs set project_id = $2 where project_id = $1",
					[project.projectId, other.projectId],
				],
				put(people.member, "events", "id, kind, data", "9000000000000000000, 'x', '{}'"),
				[people.viewer, "select gamma_append_event($1, null, 'x', '{}')", [project.projectId]],
				[people.member, "select gamma_append_event($1, null, 'x', '{}')", [other.projectId]],
				[people.member, "select setval('event_ids', 1)", []],
				put(people.member, "agent_conversations", "created_by", "$2", people.owner),
				put(people.member, "agent_conversations", "job_id, created_by", "$2, auth.uid()", other.endedJobId),
				put(people.member, "agent_messages", message, "$2, 'user', 'x'", other.conversationId),
				put(people.viewer, "agent_messages", message, "$2, 'user', 'x'", project.conversationId),
				[people.member, "update agent_messages set content = 'x' where project_id = $1", [project.projectId]],
				put(people.member, "comments", comment, "$2, auth.uid(), 'user-2222', 'x'", other.endedJobId),
				put(people.member, "comments", comment, "$2, auth.uid(), 'the boss', 'x'", project.endedJobId),
				put(people.viewer, "commit_summaries", "commit_sha, summary", "'x', 'x'"),
				[people.stranger, "insert into profiles (id) values ($1)", [missing.projectId]],
				[people.owner, "truncate events", []],
				[people.owner, "delete from gamma_migrations", []],
			];
			const before = await digestOf(database);
			for (const [userId, sql, values] of refused) {
				await expect(direct(userId, sql, values), sql).rejects.toMatchObject({ code: "42501" });
			}
			const untouched: readonly (readonly [userId: string, sql: string])[] = [
				[people.member, "update projects set name = 'x' where id = $1 returning 1"],
				[people.member, "delete from projects where id = $1 returning 1"],
				[people.member, "update members set role = 'owner' where project_id = $1 returning 1"],
				[people.member, "delete from members where project_id = $1 returning 1"],
				[people.viewer, "update training_jobs set status = 'stopped' where project_id = $1 returning 1"],
				[people.viewer, "update agent_conversations set title = 'x' where project_id = $1 returning 1"],
				[people.viewer, "update commit_summaries set summary = 'x' where project_id = $1 returning 1"],
				[people.viewer, "delete from comments where project_id = $1 returning 1"],
				[people.viewer, "delete from agent_conversations where project_id = $1 returning 1"],
			];
			for (const [userId, sql] of untouched)
				expect([sql, await direct(userId, sql, [project.projectId])]).toEqual([sql, []]);
			await expect(
				direct(people.owner, "delete from members where project_id = $1 and role = 'owner'", [project.projectId]),
			).rejects.toMatchObject({ code: "GM001" });
			await expect(
				direct(people.owner, "update members set role = 'viewer' where project_id = $1 and role = 'owner'", [
					project.projectId,
				]),
			).rejects.toMatchObject({ code: "GM001" });
			expect(await digestOf(database)).toBe(before);
			// The same queries do something where the role lets them.
			expect(
				await direct(people.member, "select gamma_append_event($1, null, 'x', '{}')", [project.projectId]),
			).toHaveLength(1);
			expect(
				await direct(
					people.member,
					"update training_jobs set status = 'stopped' where project_id = $1 returning commit_sha",
					[project.projectId],
				),
			).toEqual([{ commit_sha: sha }, { commit_sha: sha }]);
		});
	});
});
