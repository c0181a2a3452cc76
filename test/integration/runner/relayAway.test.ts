import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EventReader } from "../../support/eventReader";
import { GammaCommand } from "../../support/gammaCommand";
import { postgresFolder } from "../../support/postgresServer";
import { type RelayUnderTest, startTestRelay, withDatabase } from "../../support/relay";
import { RelayDoor } from "../../support/relayDoor";
import { streamsOf, TrainingProject } from "../../support/trainingProject";

/** As the issue has it; longer than the lease. */
const outageMs = 60_000;
const firstToken = "a-token-of-these-tests";

describe.skipIf(!postgresFolder)("a relay that goes away (needs PostgreSQL)", () => {
	const gamma = new GammaCommand();
	let database: Awaited<ReturnType<typeof withDatabase>>;
	let relay: RelayUnderTest;
	let door: RelayDoor;
	let project: TrainingProject;
	let token: string;
	const startRelay = () =>
		startTestRelay({ ...database.environment, LEASE_SECONDS: "10", LOG_LEVEL: "error", GAMMA_LOCAL_TOKEN: token });
	beforeAll(async () => {
		await gamma.build();
		database = await withDatabase("postgres");
	});
	afterAll(async () => {
		await database.stop();
		gamma.dispose();
	});
	beforeEach(async () => {
		token = firstToken;
		relay = await startRelay();
		door = await RelayDoor.open(relay.url);
		// Through the door: the relay's own address changes with its restart.
		const now = {
			...relay,
			...asked(),
			url: door.url,
			get token() {
				return token;
			},
		};
		project = new TrainingProject(now, gamma);
	});
	afterEach(async () => {
		await project.remove();
		await door.close();
		await relay.close();
	});

	/** The relay that is there now. */
	function asked(): Pick<RelayUnderTest, "ask"> {
		return { ask: (method, path, options) => relay.ask(method, path, { token, ...options }) };
	}
	async function stopRelay(): Promise<void> {
		door.target = null;
		await relay.close();
	}
	async function restartRelay(): Promise<void> {
		relay = await startRelay();
		door.target = relay.url;
	}
	const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
	const statusOf = async (id: string) => (await project.job(id)).status;

	/** A log as the training alone would have written it. */
	const linesOf = (epochs: number) =>
		Array.from(
			{ length: epochs },
			(_, at) => `epoch ${at + 1}/${epochs} loss=${1 / (at + 1)}\nwarned ${at + 1}\n`,
		).join("");

	async function expectWholeLog(id: string, epochs: number): Promise<void> {
		const [, ...lines] = (await project.log(id)).split(/(?<=\n)/);
		expect(streamsOf(lines.join(""))).toEqual(streamsOf(`${linesOf(epochs)}[gamma] completed\n`));
	}

	function expectWhole(id: string, epochs: number): void {
		const [run = "", ...others] = project.runsOf(id);
		expect(others).toEqual([]);
		const steps = readFileSync(join(run, "metrics", "loss"), "utf8")
			.trim()
			.split("\n");
		expect(steps.map((line) => Number(line.split(" ")[2]))).toEqual(Array.from({ length: epochs }, (_, at) => at + 1));
		const checkpoints = join(run, "artifacts", "checkpoints");
		for (let epoch = 1; epoch <= epochs; epoch++)
			expect(readFileSync(join(checkpoints, `epoch-${epoch}.bin`), "utf8")).toBe(`weights ${epoch}`);
		expect(readFileSync(join(run, "meta.yaml"), "utf8")).toMatch(/^status: 3$/m);
	}

	test("for a minute in mid-training: no metric, log byte or checkpoint is lost", async () => {
		const epochs = 400;
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs, pace: 200 });
		const before = new EventReader(relay.url, token, project.id);
		project.runner("r1", { args: ["--gpus", "2"] });
		await expect.poll(() => project.log(id), { timeout: 30_000 }).toContain("epoch 20/");
		await stopRelay();
		await sleep(outageMs);
		await restartRelay();
		const after = new EventReader(relay.url, token, project.id, before.lastId);
		await expect.poll(() => statusOf(id), { timeout: 120_000 }).toBe("completed");
		expect(project.ledger.map(({ what }) => what)).toEqual(["begin", "end"]);
		await expectWholeLog(id, epochs);
		expectWhole(id, epochs);
		const steps = () =>
			[...before.events, ...after.events]
				.filter(({ kind }) => kind === "job.metric")
				.map(({ data }) => JSON.parse(data).step);
		await expect.poll(() => steps().length).toBeGreaterThanOrEqual(epochs);
		// The step whose heartbeat was cut may be told again.
		expect([...new Set(steps())]).toEqual(Array.from({ length: epochs }, (_, at) => at + 1));
		for (const reader of [before, after]) reader.cut();
	}, 240_000);

	test("when the training ends: the runner goes on trying, and the relay hears of it", async () => {
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 20, pace: 100 });
		const runner = project.runner("r1", { args: ["--once"] });
		await expect.poll(() => project.log(id), { timeout: 30_000 }).toContain("epoch 3/");
		await stopRelay();
		await expect.poll(() => project.ledger.at(-1)?.what, { timeout: 30_000 }).toBe("end");
		await expect.poll(() => runner.said).toContain("completed");
		await restartRelay();
		expect(await runner.ended).toBe(0);
		expect(await project.job(id)).toMatchObject({ status: "completed", progress: 1 });
		await expectWholeLog(id, 20);
		expectWhole(id, 20);
	});

	test("and the runner with it, when the training has ended: its next start tells the relay", async () => {
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 20, pace: 100 });
		const runner = project.runner("r1");
		await expect.poll(() => project.log(id), { timeout: 30_000 }).toContain("epoch 3/");
		await stopRelay();
		await expect.poll(() => runner.said, { timeout: 30_000 }).toContain(": completed");
		runner.kill("SIGKILL");
		await runner.ended;
		await restartRelay();
		project.runner("r1");
		await expect.poll(() => statusOf(id), { timeout: 30_000 }).toBe("completed");
		await expectWholeLog(id, 20);
		expectWhole(id, 20);
		expect(project.ledger.map(({ what }) => what)).toEqual(["begin", "end"]);
		await expect.poll(() => runner.kept).toEqual([]);
	});

	test("a runner that is asked to end while the relay is away does not wait for it for long", async () => {
		await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 10_000 });
		const runner = project.runner("r1");
		await expect.poll(() => project.ledger.length).toBe(1);
		await stopRelay();
		runner.kill("SIGTERM");
		expect(await runner.ended).toBe(0);
		expect(runner.kept).toHaveLength(1);
		await restartRelay();
	});

	test("and takes the token no longer: the training goes on, and a start with the new one tells its end", async () => {
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 30, pace: 100 });
		const runner = project.runner("r1");
		await expect.poll(() => project.log(id), { timeout: 30_000 }).toContain("epoch 3/");
		await stopRelay();
		token = "another-token-of-these-tests";
		await restartRelay();
		expect(await runner.ended).toBe(1);
		expect(project.ledger.map(({ what }) => what)).toEqual(["begin", "end"]);
		expect(runner.said).toMatch(/does not know the token: .*\n$/);
		expect(runner.said).not.toContain(firstToken);
		project.runner("r1");
		await expect.poll(() => statusOf(id), { timeout: 30_000 }).toBe("completed");
		await expectWholeLog(id, 30);
		expect(project.ledger).toHaveLength(2);
	});

	test("answers that get lost now and then lose nothing and double nothing", async () => {
		let count = 0;
		door.onAnswer = ({ path }) => (path.endsWith("/claim") || ++count % 3 > 0 ? "pass" : "drop");
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 15, pace: 200 });
		project.runner("r1", { args: ["--once"] });
		await expect.poll(() => statusOf(id), { timeout: 90_000 }).toBe("completed");
		door.onAnswer = () => "pass";
		expect(count).toBeGreaterThan(5);
		await expectWholeLog(id, 15);
		expectWhole(id, 15);
	});
});
