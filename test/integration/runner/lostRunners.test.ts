import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GammaCommand } from "../../support/gammaCommand";
import { postgresFolder } from "../../support/postgresServer";
import { type RelayUnderTest, startTestRelay, withDatabase } from "../../support/relay";
import { RelayDoor } from "../../support/relayDoor";
import { isRunning, streamsOf, TrainingProject } from "../../support/trainingProject";

/** Ends the runner with SIGKILL when it has checked a commit out, so that the checkout is left. */
const fatalGit = `#!/bin/sh
for word in "$@"; do [ "$word" = add ] && last=1; done
/usr/bin/env -u FATAL PATH="$REAL_PATH" git "$@"
code=$?
[ -n "$last" ] && kill -9 $PPID
exit $code
`;

interface Death {
	readonly step: string;
	readonly env?: Readonly<Record<string, string>>;
	/** Kills when a request to a path that ends so comes, or once it is answered and the answer is lost. */
	readonly at?: { readonly end: string; readonly when: "asked" | "answered" };
	/** Kills once the relay has a part of its log. */
	readonly isSeen?: boolean;
	/** Trainings that begin: the dead runner's own, if it came so far, and the one that ends. */
	readonly begun: number;
	/** The relay has heard the end, or not. */
	readonly isOver?: boolean;
}

const deaths: readonly Death[] = [
	{ step: "claim, before it knows", at: { end: "/claim", when: "answered" }, begun: 1 },
	{ step: "checkout", env: { FATAL: "1" }, begun: 1 },
	{ step: "start", env: { KILL_RUNNER: "start" }, begun: 2 },
	{ step: "mid-training", env: { PACE: "600000" }, isSeen: true, begun: 2 },
	{ step: "before it says the end", at: { end: "/complete", when: "asked" }, begun: 2 },
	{
		step: "before it hears that the end was heard",
		at: { end: "/complete", when: "answered" },
		begun: 1,
		isOver: true,
	},
];

describe.skipIf(!postgresFolder)("runners (needs PostgreSQL)", () => {
	const gamma = new GammaCommand();
	const bin = mkdtempSync(join(tmpdir(), "gamma-fatal-"));
	let database: Awaited<ReturnType<typeof withDatabase>>;
	let relay: RelayUnderTest;
	let project: TrainingProject;
	beforeAll(async () => {
		writeFileSync(join(bin, "git"), fatalGit);
		chmodSync(join(bin, "git"), 0o755);
		await gamma.build();
		database = await withDatabase("postgres");
		relay = await startTestRelay({ ...database.environment, LEASE_SECONDS: "5", LOG_LEVEL: "error" });
	});
	afterAll(async () => {
		await relay.close();
		await database.stop();
		gamma.dispose();
		rmSync(bin, { recursive: true, force: true });
	});
	beforeEach(() => {
		project = new TrainingProject(relay, gamma);
	});
	afterEach(() => project.remove());

	const statusOf = async (id: string) => (await project.job(id)).status;
	const sha = () => project.git.git("rev-parse", "HEAD");

	test("two train ten jobs, each exactly once", async () => {
		// With a lease that also a machine at its limit keeps.
		const patient = await startTestRelay({ ...database.environment, LEASE_SECONDS: "60", LOG_LEVEL: "error" });
		const ids = await Promise.all(Array.from({ length: 10 }, (_, job) => project.push(sha(), { pace: 20 * job })));
		for (const name of ["a", "b"]) project.runner(name, { relay: patient.url, token: patient.token ?? "" });
		for (const id of ids) await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe("completed");
		for (const what of ["begin", "end"]) {
			const jobs = project.ledger.filter((entry) => entry.what === what).map(({ job }) => job);
			expect(jobs.sort()).toEqual([...ids].sort());
		}
		expect(new Set(project.ledger.map(({ runner }) => runner))).toEqual(new Set(["a", "b"]));
		for (const id of ids) expect(project.runsOf(id)).toHaveLength(1);
		await patient.close();
	});

	test.each(deaths)(
		"one that dies at $step: another trains the job to its end",
		async ({ env, at, isSeen, begun, isOver }) => {
			const door = await RelayDoor.open(relay.url);
			const path = process.env.PATH ?? "";
			const withPath = env?.FATAL ? { PATH: `${bin}:${path}`, REAL_PATH: path } : {};
			const id = await project.push(sha());
			const dead = project.runner("dead", { relay: door.url, env: { ...env, ...withPath } });
			const judge = (when: string) => (passed: { path: string; status: number | null }) => {
				if (at?.when !== when || !passed.path.endsWith(at.end) || (when === "answered" && passed.status !== 200))
					return "pass" as const;
				dead.kill("SIGKILL");
				return "drop" as const;
			};
			door.onRequest = judge("asked");
			door.onAnswer = judge("answered");
			if (isSeen) {
				await expect.poll(() => project.log(id), { timeout: 30_000 }).toContain("epoch 1/3");
				dead.kill("SIGKILL");
			}
			await dead.ended;
			for (const hook of ["onRequest", "onAnswer"] as const) door[hook] = () => "pass";
			const before = await project.log(id);
			project.runner("next");
			await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe("completed");
			// The late one's every word is refused; of its end, where that was heard, a repeat is harmless.
			const late =
				JSON.parse(door.to("/heartbeat")[0]?.body.toString() ?? "null")?.lease ?? leaseOfFolder(dead.dataDir);
			if (typeof late === "string" && !isOver) {
				const told = { lease: late, status: "failed", error: "late" };
				expect((await relay.ask("POST", `/api/queue/${id}/heartbeat`, { body: { lease: late } })).status).toBe(409);
				expect((await relay.ask("POST", `/api/queue/${id}/complete`, { body: told })).status).toBe(409);
				const append = `/api/jobs/${id}/log?offset=0&lease=${late}`;
				expect((await relay.ask("POST", append, { body: "late" })).status).toBe(409);
			}
			expect(await project.job(id)).toMatchObject({ status: "completed", reason: null, progress: 1 });
			const log = await project.log(id);
			const whole = [
				`[gamma] ${sha().slice(0, 7)} of models/x: ${process.execPath} train.mjs`,
				...[1, 2, 3].flatMap((epoch) => [`epoch ${epoch}/3 loss=${1 / epoch}`, `warned ${epoch}`]),
				"[gamma] completed\n",
			].join("\n");
			expect(streamsOf(log)).toEqual(streamsOf(isOver ? whole : `${before}${whole}`));
			const entries = project.ledger.filter(({ what }) => what === "begin");
			expect(entries.map(({ runner }) => runner)).toEqual(
				isOver ? ["dead"] : begun === 2 ? ["dead", "next"] : ["next"],
			);
			// What the dead one had started does not go on beside it.
			for (const { pid } of entries) await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);

			// Its next start clears what it left, and trains.
			const other = await project.push(sha());
			await expect.poll(() => statusOf(other), { timeout: 60_000 }).toBe("completed");
			const again = project.runner("dead", { args: ["--once"], relay: door.url });
			await expect.poll(() => again.said).toContain("waits for jobs");
			await expect.poll(() => again.kept).toEqual([]);
			for (const run of project.runsOf(id)) {
				const isDead = readFileSync(join(run, "tags", "gamma.runner"), "utf8") === "dead";
				const status = /^status: (\d)$/m.exec(readFileSync(join(run, "meta.yaml"), "utf8"))?.[1];
				expect(status).toBe(isDead && at === undefined ? "5" : "3");
			}
			const bare = join(dead.dataDir, "repositories", `${project.repository}.git`);
			if (at?.end !== "/claim") expect(project.git.gitIn(bare, "worktree", "list").split("\n")).toHaveLength(1);
			again.kill("SIGTERM");
			expect(await again.ended).toBe(0);
			await door.close();
		},
	);

	test("one that was stopped past its lease ends its training when it hears of it, and says nothing more", async () => {
		const id = await project.push(sha(), { epochs: 200, pace: 50 });
		const slow = project.runner("slow");
		await expect.poll(() => project.log(id)).toContain("epoch 3/");
		slow.kill("SIGSTOP");
		await expect.poll(() => statusOf(id), { timeout: 30_000 }).toBe("pending");
		project.runner("next");
		await expect.poll(() => project.ledger.at(-1)?.runner, { timeout: 30_000 }).toBe("next");
		const at = (await project.log(id)).length;
		slow.kill("SIGCONT");
		await expect.poll(() => slow.said, { timeout: 30_000 }).toMatch(/no longer this runner's .*\n(.*\n)*.*: ended\n/);
		expect(isRunning(project.ledger[0]?.pid ?? 0)).toBe(false);
		expect(project.ledger.filter(({ runner }) => runner === "slow").map(({ what }) => what)).toEqual(["begin"]);
		await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe("completed");
		const log = await project.log(id);
		expect(log.slice(at)).not.toContain("stopped");
		expect(log.match(/epoch 200\/200/g)).toHaveLength(1);
		expect(slow.kept).toEqual([]);
	});

	test("a job that ends its runner each time is given up, and others are trained", async () => {
		const id = await project.push(sha());
		for (let death = 0; death < 3; death++) await project.runner("dead", { env: { KILL_RUNNER: "start" } }).ended;
		await expect
			.poll(() => project.job(id), { timeout: 30_000 })
			.toMatchObject({ status: "failed", reason: "runner lost" });
		const other = await project.push(sha());
		project.runner("next");
		await expect.poll(() => statusOf(other), { timeout: 30_000 }).toBe("completed");
		expect(project.ledger.filter(({ what }) => what === "begin")).toHaveLength(4);
	});
});

/** What the dead one knew of its lease. */
function leaseOfFolder(dataDir: string): string | null {
	try {
		const [name = ""] = readdirSync(join(dataDir, "jobs"));
		return JSON.parse(readFileSync(join(dataDir, "jobs", name, "job.json"), "utf8")).lease;
	} catch {
		return null;
	}
}
