import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrations } from "../../../server/database/migrations";
import type { Job } from "../../../src/shared/relay/job";
import { readGuide } from "../../support/docs/guide";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { makeProject, RunnerOfOne } from "../../support/relayRunner";

const kept = [
	"profiles",
	"projects",
	"members",
	"training_jobs",
	"events",
	"leases",
	"logs",
	"deliveries",
	"agent_conversations",
	"agent_messages",
	"commit_summaries",
	"comments",
	"gamma_migrations",
];

describe.skipIf(!postgresFolder)("a back-up of the relay's database (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let folder: string;
	beforeAll(async () => {
		postgres = await startPostgres();
		relay = await startTestRelay({ DATABASE_URL: postgres.url, GAMMA_LOCAL_TOKEN: "a-token-of-these-tests" });
		folder = mkdtempSync(join(tmpdir(), "gamma-backup-"));
	});
	afterAll(async () => {
		await relay?.close();
		await postgres?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/** What an editor would read of it all. */
	async function everything(of: RelayUnderTest, project: string, job: string) {
		const [jobs, log, conversations, comments] = await Promise.all([
			of.ask<{ items: readonly Job[] }>("GET", `/api/jobs?project=${project}`),
			of.ask<string>("GET", `/api/jobs/${job}/log?offset=0`),
			of.ask<{ items: readonly { id: string }[] }>("GET", `/api/projects/${project}/conversations`),
			of.ask("GET", `/api/jobs/${job}/comments`),
		]);
		const [conversation] = conversations.body.items;
		const messages = await of.ask("GET", `/api/conversations/${conversation?.id}/messages`);
		return [jobs, log, conversations, comments, messages].map(({ status, body }) => ({ status, body }));
	}

	test("made and restored by the guide's own commands, has jobs, log, events and conversations intact, and goes on", async () => {
		const project = await makeProject(relay);
		const runner = await RunnerOfOne.start(relay, { projectId: project });
		await runner.log("step 1, loss=0.5\n".repeat(1_000));
		await runner.heartbeat({ progress: 0.5, metrics: { step: 1, values: { loss: 0.5 } } });
		await runner.complete();
		const waiting = await relay.ask<Job>("POST", "/api/jobs", {
			body: { projectId: project, commitSha: "b".repeat(40), branch: "models/next" },
		});
		const job = runner.job.id;
		await relay.ask("POST", `/api/jobs/${job}/comments`, { body: { text: "Ünïcode, and a 'quote'" } });
		const { body: conversation } = await relay.ask<{ id: string }>("POST", `/api/projects/${project}/conversations`, {
			body: { title: "Why did it fail?", jobId: job },
		});
		await relay.ask("POST", `/api/conversations/${conversation.id}/messages`, {
			body: { role: "user", content: JSON.stringify({ parts: [{ kind: "text", text: "why?" }] }) },
		});
		const before = await everything(relay, project, job);

		const [script = "", ran = ""] = readGuide("operating.md")
			.blocks.filter(({ about }) => about === "run needs=postgres")
			.map(({ text }) => text);
		const restored = new URL(postgres.url);
		restored.pathname = "/restored";
		const env = {
			PATH: `${postgresFolder}:${process.env.PATH}`,
			DATABASE_URL: postgres.url,
			RESTORED_URL: restored.href,
		};
		const run = (text: string) =>
			promisify(execFile)("bash", ["--norc", "-euo", "pipefail", "-c", text], { cwd: folder, env });
		const { stdout, stderr } = await run(script);
		expect(stdout + stderr).toBe("");
		const lines = (await run(ran)).stdout.split("\n");
		for (const { name, oldestRelay } of migrations)
			expect(lines).toContainEqual(expect.stringMatching(`${name} +\\| ${oldestRelay} +\\|`));

		const again = await startTestRelay({ DATABASE_URL: restored.href, GAMMA_LOCAL_TOKEN: "a-token-of-these-tests" });
		expect(await everything(again, project, job)).toEqual(before);
		const count = (url: string, table: string) =>
			promisify(execFile)(join(postgresFolder ?? "", "psql"), [
				"-At",
				url,
				"-c",
				`select count(*), md5(string_agg(t::text, '' order by t::text)) from public.${table} t`,
			]);
		for (const table of kept) {
			const [{ stdout: was }, { stdout: is }] = await Promise.all([
				count(postgres.url, table),
				count(restored.href, table),
			]);
			// A relay that starts makes leases last anew.
			if (table !== "leases") expect([table, is]).toEqual([table, was]);
		}
		// The next one claims what waits, and its events go on after the last that was kept.
		const next = await RunnerOfOne.claim(again, waiting.body.id);
		await next.complete();
		expect((await again.ask<Job>("GET", `/api/jobs/${waiting.body.id}`)).body.status).toBe("completed");
		await again.close();
	});
});
