import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as yaml from "yaml";
import { connectPostgres } from "../../../server/database/postgres";
import { freePort } from "../../support/mlflowServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { sharedRelay, webhookSecret } from "../../support/relay";
import { testLogger } from "../../support/testLogger";

const root = resolve(import.meta.dirname, "../../..");
const python = process.env.GAMMA_PYTHON;
const isRoot = process.getuid?.() === 0;

/** Instructions of a Dockerfile, continued lines joined; a stage begins with each FROM. */
function instructionsOf(name: string): readonly (readonly [word: string, rest: string])[] {
	const text = readFileSync(join(root, "infra/docker", `${name}.Dockerfile`), "utf8").replaceAll(/\\\n\s*/g, " ");
	return text
		.split("\n")
		.filter((line) => line.trim() !== "" && !line.startsWith("#"))
		.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1).trim()] as const);
}

/** Those of one stage. */
function stageOf(name: string, at: number) {
	const all = instructionsOf(name);
	const starts = all.flatMap(([word], index) => (word === "FROM" ? [index] : []));
	return all.slice(starts.at(at), at === -1 ? undefined : starts[at + 1]);
}

describe.each(["relay", "mlflow"])("the image of %s", (name) => {
	const last = stageOf(name, -1);
	const of = (word: string) => last.flatMap(([known, rest]) => (known === word ? [rest] : []));

	// Beside hadolint (checks.test.ts), which a machine may lack.
	test("begins from named versions, ends without build tools, as a user without rights", () => {
		const bases = instructionsOf(name).flatMap(([word, rest]) => (word === "FROM" ? [rest] : []));
		expect(bases).toHaveLength(2);
		for (const base of bases) {
			expect(base).toMatch(/^[\w./-]+:[\w.-]+ AS \w+$/);
			expect(base).not.toContain(":latest");
		}
		expect(of("USER")).toEqual(["1000:1000"]);
		expect(of("RUN")).toEqual([]);
		expect(of("HEALTHCHECK")).toHaveLength(1);
		expect(of("CMD").map((rest) => JSON.parse(rest) as unknown)).toHaveLength(1);
		const words = instructionsOf(name).map(([word]) => word);
		for (const word of ["ADD", "MAINTAINER", "ARG", "SHELL"]) expect(words).not.toContain(word);
		for (const [word, rest] of instructionsOf(name)) {
			if (word === "RUN" && rest.includes("pip install")) expect(rest).toContain("--no-cache-dir");
			if (word === "ENV") expect(rest).not.toMatch(/(SECRET|TOKEN|PASSWORD|KEY)=/);
		}
	});

	test("is asked after its health by a program that it has, whoever asks", () => {
		const [, program] = /CMD \["([^"]+)"/.exec(of("HEALTHCHECK")[0] ?? "") ?? [];
		const task = readFileSync(join(root, "infra/modules/ecs", `${name}.tf`), "utf8");
		expect(program).toBeDefined();
		expect(/command +=\s+\["CMD", "([^"]+)"/.exec(task)?.[1]).toBe(program);
	});

	test("copies nothing from outside that the ignore file keeps away", () => {
		if (name !== "relay") return;
		const kept = readFileSync(join(root, ".dockerignore"), "utf8");
		expect(kept.split("\n").filter((line) => line !== "" && !/^[#!]/.test(line))).toEqual(["*"]);
		expect(kept).not.toMatch(/!(\.env|\.git|test|node_modules)/);
	});
});

describe.skipIf(!postgresFolder || !isRoot)(
	"the relay's image, step by step (needs PostgreSQL, and root to become somebody without rights)",
	{ timeout: 300_000 },
	() => {
		let postgres: PostgresServer;
		let folder: string;
		let relay: ChildProcess | undefined;
		beforeAll(async () => {
			postgres = await startPostgres();
			// Where somebody without rights can go.
			folder = mkdtempSync(join(tmpdir(), "gamma-image-"));
			execFileSync("chmod", ["755", folder]);
		});
		afterAll(async () => {
			relay?.kill("SIGKILL");
			await postgres.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		test("builds from what the ignore file lets in, and serves from a read-only root as nobody in particular", async () => {
			const source = join(folder, "src");
			const app = join(folder, "app");
			for (const line of readFileSync(join(root, ".dockerignore"), "utf8").split("\n")) {
				if (line.startsWith("!")) cpSync(join(root, line.slice(1)), join(source, line.slice(1)), { recursive: true });
			}
			for (const [word, rest] of stageOf("relay", 0)) {
				if (word === "RUN") await promisify(execFile)("sh", ["-c", rest], { cwd: source, env: stepEnvironment() });
			}
			mkdirSync(app);
			for (const [word, rest] of stageOf("relay", -1)) {
				if (word !== "COPY") continue;
				const [to = "", ...from] = rest
					.split(" ")
					.filter((part) => !part.startsWith("--"))
					.reverse();
				for (const file of from) {
					expect(file).toMatch(/^\/src\//);
					cpSync(join(folder, file), join(app, to, file.slice(file.lastIndexOf("/"))));
				}
			}
			execFileSync("chmod", ["-R", "a-w,a+rX", app]);

			const port = await freePort();
			const [command] = stageOf("relay", -1).flatMap(([word, rest]) =>
				word === "CMD" ? [JSON.parse(rest) as string[]] : [],
			);
			const program = (command ?? []).map((part) => part.replace(/^\/app/, app));
			const environment = {
				...sharedRelay(postgres),
				GITHUB_WEBHOOK_SECRET: webhookSecret,
				HOST: "127.0.0.1",
				PORT: String(port),
			};
			const asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--inh-caps=-all"];
			let said = "";
			const readOnly = 'mount -o remount,bind,ro / && ! touch "$0" 2>/dev/null && exec "$@"';
			const inside = ["--mount", "sh", "-c", readOnly, join(folder, "written"), "setpriv", ...asNobody];
			relay = spawn("unshare", [...inside, process.execPath, ...program], {
				cwd: app,
				env: { ...environment, PATH: process.env.PATH },
			});
			for (const stream of [relay.stdout, relay.stderr])
				stream?.on("data", (part) => {
					said += part;
				});
			await expect
				.poll(async () => (await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null))?.status ?? said, {
					timeout: 60_000,
				})
				.toBe(200);
			expect(readFileSync(`/proc/${relay.pid}/status`, "utf8")).toMatch(/^Uid:\t65534\t65534/m);
			const health = stageOf("relay", -1).flatMap(([word, rest]) =>
				word === "HEALTHCHECK" ? [rest.slice(rest.indexOf("CMD ") + 4)] : [],
			);
			const [, ...check] = JSON.parse(health[0] ?? "[]") as string[];
			await promisify(execFile)(process.execPath, check, { env: environment });
			const ended = new Promise((done) => relay?.once("exit", (code) => done(code)));
			relay.kill("SIGTERM");
			expect(await ended).toBe(0);
			await expect(promisify(execFile)(process.execPath, check, { env: environment })).rejects.toThrow();
			expect(existsSync(join(app, ".gamma"))).toBe(false);
		});
	},
);

/** npm of this Node.js, and nothing that a build should not need. */
function stepEnvironment(): NodeJS.ProcessEnv {
	const { PATH, HOME, NODE_EXTRA_CA_CERTS, npm_config_registry } = process.env;
	return Object.fromEntries(
		Object.entries({ PATH, HOME, NODE_EXTRA_CA_CERTS, npm_config_registry }).filter(([, value]) => value),
	);
}

describe.skipIf(!postgresFolder || !python)(
	"MLflow's image (needs PostgreSQL and MLflow 3)",
	{ timeout: 240_000 },
	() => {
		let postgres: PostgresServer;
		let folder: string;
		let server: ChildProcess | undefined;
		const script = join(root, "infra/docker/mlflow_start.py");
		beforeAll(async () => {
			postgres = await startPostgres();
			folder = mkdtempSync(join(tmpdir(), "gamma-mlflow-"));
		});
		afterAll(async () => {
			server?.kill("SIGKILL");
			await postgres.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		test("serves from schema mlflow of the relay's database, with no password where others can read it", async () => {
			const port = await freePort();
			const url = new URL(postgres.url);
			url.password = "p@ss:w/rd";
			server = spawn(python ?? "", [script], {
				detached: true,
				stdio: "ignore",
				env: {
					PATH: process.env.PATH,
					HOME: folder,
					DATABASE_URL: url.href,
					MLFLOW_ARTIFACTS: join(folder, "artifacts"),
					MLFLOW_HOST_NAMES: "mlflow.gamma-dev.internal",
					MLFLOW_DISABLE_TELEMETRY: "true",
					MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
					PORT: String(port),
				},
			});
			const at = `http://127.0.0.1:${port}`;
			await expect
				.poll(async () => (await fetch(`${at}/health`).catch(() => null))?.status ?? server?.exitCode, {
					timeout: 150_000,
				})
				.toBe(200);
			expect(readFileSync(`/proc/${server.pid}/cmdline`, "utf8")).not.toMatch(/p(@|%40)ss/);
			const made = await fetch(`${at}/api/2.0/mlflow/experiments/create`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ name: "digits" }),
			});
			expect(made.status).toBe(200);
			const database = connectPostgres(postgres.url, testLogger);
			const tables = await database.asOwner((transaction) =>
				transaction.query<{ table_schema: string }>(
					"select distinct table_schema from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')",
				),
			);
			expect(tables.map(({ table_schema }) => table_schema)).toEqual(["mlflow"]);
			await database.close();
			process.kill(-(server.pid ?? 0), "SIGKILL");
		});

		test("says what is missing in one sentence", async () => {
			const run = (env: Record<string, string>) =>
				promisify(execFile)(python ?? "", [script], { env: { PATH: process.env.PATH, ...env } }).catch(
					({ stderr }: { stderr: string }) => stderr,
				);
			expect(await run({})).toBe("mlflow: DATABASE_URL and MLFLOW_ARTIFACTS must be set.\n");
			expect(await run({ DATABASE_URL: "mysql://x", MLFLOW_ARTIFACTS: "x" })).toMatch(
				/begins with postgres:\/\/ or postgresql:\/\/\.\n$/,
			);
		});
	},
);

describe("the Compose file", () => {
	interface Compose {
		readonly services: Readonly<
			Record<
				string,
				{
					readonly image?: string;
					readonly environment?: Readonly<Record<string, string>>;
					readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
					readonly healthcheck?: object;
					readonly volumes?: readonly string[];
				}
			>
		>;
		readonly volumes: Readonly<Record<string, unknown>>;
	}
	const text = readFileSync(join(root, "infra/compose.yaml"), "utf8");
	const { services, volumes } = yaml.parse(text) as Compose;

	test("tells the relay only settings that it has, and each of its own variables is in .env.example, without a value", () => {
		const settings = readFileSync(join(root, "server/config.ts"), "utf8");
		const known = [...settings.matchAll(/^\t([A-Z][A-Z0-9_]+):/gm)].map(([, name = ""]) => name);
		const others = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ANTHROPIC_API_KEY"];
		for (const name of Object.keys(services.relay?.environment ?? {})) expect([...known, ...others]).toContain(name);
		const example = readFileSync(join(root, "infra/.env.example"), "utf8");
		const given = new Map([...example.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
		for (const [, name] of text.matchAll(/\$\{([A-Z0-9_]+)/g)) expect([...given.keys()]).toContain(name);
		expect([...given].filter(([, value]) => value !== "")).toEqual([["RELAY_PORT", "8080"]]);
	});

	test("waits only for services that it has, and for the health of those that tell it; each volume is declared, and used", () => {
		for (const [name, { depends_on = {} }] of Object.entries(services)) {
			for (const [on, { condition }] of Object.entries(depends_on)) {
				expect([name, Object.keys(services)]).toEqual([name, expect.arrayContaining([on])]);
				expect(condition).toMatch(/^service_(healthy|completed_successfully)$/);
				// An image of ours has its health check in itself.
				const isAsked = services[on]?.healthcheck !== undefined || services[on]?.image === undefined;
				if (condition === "service_healthy") expect([name, on, isAsked]).toEqual([name, on, true]);
			}
		}
		const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((one) => one.split(":")[0]));
		expect(mounted.filter((name) => !/^[./]/.test(name ?? "")).sort()).toEqual(Object.keys(volumes).sort());
	});

	test("names a version of each image", () => {
		const images = Object.values(services).flatMap(({ image }) => image ?? []);
		expect(images).toHaveLength(3);
		for (const image of images) expect(image).toMatch(/^[\w./-]+:(\d|RELEASE\.)[\w.-]+$/);
	});
});
