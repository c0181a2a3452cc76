import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { postgresFolder, startPostgres } from "../../support/postgresServer";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { sha } from "../../support/userRoutes";

const python = process.env.GAMMA_SCHEMATHESIS;

/**
 * What is asked of every answer. Left out: that all data are taken which fit the document (JSON Schema cannot say what a
 * branch's name or a path is), and that a method nobody named is answered 405 (it is 404 here).
 */
const checks = [
	"not_a_server_error",
	"status_code_conformance",
	"content_type_conformance",
	"response_headers_conformance",
	"response_schema_conformance",
	"negative_data_rejection",
	"missing_required_header",
	"ignored_auth",
];

/** A stream has no end, a claim may wait a minute by its own wish, and behind the last is no MLflow here (`mlflow.test.ts`). */
const leftOut = ["/api/events", "/api/queue/claim", "/api/mlflow/{*}"];

async function makeFixture(relay: RelayUnderTest): Promise<Record<"project" | "job" | "conversation", string>> {
	const id = async (path: string, body: object) => String((await relay.ask("POST", path, { body })).body.id);
	const project = await id("/api/projects", { name: "p", repository: "fuzz/digits" });
	const job = await id("/api/jobs", { projectId: project, branch: "models", commitSha: sha });
	const conversation = await id(`/api/projects/${project}/conversations`, {});
	await relay.ask("PUT", `/api/projects/${project}/summaries/${sha}`, { body: { summary: "It doubles the batch." } });
	return { project, job, conversation };
}

/** Ids that are there, so that requests come further than to 404; `oddRequests.test.ts` tries those that are none. */
function settings({ project, job, conversation }: Awaited<ReturnType<typeof makeFixture>>): string {
	const given = (pattern: string, parameters: Readonly<Record<string, string>>) =>
		[
			"[[operations]]",
			`include-path-regex = '${pattern}'`,
			"[operations.parameters]",
			...Object.entries(parameters).map(([name, value]) => `"${name}" = "${value}"`),
		].join("\n");
	return [
		given("^/api/projects/", { "path.id": project, "path.sha": sha }),
		given("^/api/artifacts/", { "path.projectId": project }),
		given("^/api/jobs/", { "path.id": job }),
		given("^/api/queue/", { "path.jobId": job }),
		given("^/api/conversations/", { "path.id": conversation }),
		// The others need it to the end.
		'[[operations]]\ninclude-name = "DELETE /api/projects/{id}"\nenabled = false',
	].join("\n\n");
}

test.skipIf(!python || !postgresFolder)(
	"no request that anybody could make up by the OpenAPI document fails the relay (needs PostgreSQL and GAMMA_SCHEMATHESIS)",
	async () => {
		const folder = mkdtempSync(join(tmpdir(), "gamma-fuzz-"));
		const postgres = await startPostgres();
		const relay = await startTestRelay({ DATABASE_URL: postgres.url });
		try {
			writeFileSync(join(folder, "schemathesis.toml"), settings(await makeFixture(relay)));
			const args = ["-m", "schemathesis.cli", "--config-file", join(folder, "schemathesis.toml"), "run"];
			args.push(`${relay.url}/api/openapi.json`, "--header", `Authorization: Bearer ${relay.token}`);
			args.push("--phases", "coverage,fuzzing", "--checks", checks.join(","), "--max-examples", "5");
			args.push("--seed", "1", "--no-shrink", "--suppress-health-check", "all", "--request-timeout", "60");
			args.push("--continue-on-failure", ...leftOut.flatMap((path) => ["--exclude-path", path]));
			const { code, output } = await run(python ?? "", args, folder);
			expect(code, output.slice(-8_000)).toBe(0);
			const [, cases] = /(\d+) generated/.exec(output) ?? [];
			expect(Number(cases), output.slice(-2_000)).toBeGreaterThan(1_000);
			expect(relay.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
			expect((await relay.ask("GET", "/api/health")).status).toBe(200);
		} finally {
			await relay.close();
			await postgres.stop();
			rmSync(folder, { recursive: true, force: true });
		}
	},
	600_000,
);

function run(program: string, args: readonly string[], cwd: string): Promise<{ code: number | null; output: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text: string) => {
				output += text;
			});
		}
		child.once("error", reject);
		child.once("close", (code) => resolve({ code, output }));
	});
}
