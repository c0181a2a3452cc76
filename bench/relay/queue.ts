import { connectPostgres } from "../../server/database/postgres";
import type { Claimed } from "../../server/queue/claim";
import { Turns } from "../../server/queue/turns";
import { testLogger } from "../../test/support/testLogger";
import { rateRows, type Side } from "../support/rates";
import { endOfRounds, header } from "../support/rounds";
import type { GammaRelay } from "./gammaRelay";
import { secondsOf } from "./peers";

const loops = 8;
const jobs = 2_000;
const rounds = 5;
const user = "00000000-0000-4000-8000-000000000001";

/** Jobs claimed and completed a second, eight at a time, in one process against one Postgres, each queue in turn. */
export async function measureQueue(
	relay: GammaRelay,
	databaseUrl: string,
	makeDatabase: () => Promise<string>,
): Promise<void> {
	header("Queue: claim and complete, 8 loops");
	const sides: Side[] = ["Gamma", "pg-boss", "graphile-worker"].map((name) => ({ name, values: [] }));
	const database = connectPostgres(databaseUrl, testLogger);
	const enough = endOfRounds(75_000);
	const rates = sides.map(({ values }) => values as number[]);
	for (let round = 0; round < rounds && !enough(); round++) {
		const { id } = await relay.makeProject();
		// What the webhooks' part pushed waits for a runner too.
		await database.asRelay((transaction) =>
			transaction.query("update training_jobs set status = 'stopped', completed_at = now() where status = 'pending'"),
		);
		await database.asRelay((transaction) =>
			transaction.query(
				`insert into training_jobs (project_id, branch, commit_sha, origin, target)
				select $1, 'models', lpad(to_hex(n), 40, '0'), 'bench:' || n, 'runner' from generate_series(1, $2::integer) n`,
				[id, jobs],
			),
		);
		rates[0]?.push(jobs / (await drain(database)));
		rates[1]?.push(jobs / secondsOf("pgBoss", await makeDatabase(), jobs));
		rates[2]?.push(jobs / secondsOf("graphileWorker", await makeDatabase(), jobs));
	}
	await database.close();
	const [gamma, ...peers] = sides;
	rateRows("claim + complete, with lease, fencing token and two events", "/s", gamma?.values ?? [], peers, "≥ 1,500/s");
}

/** Seconds until nothing is left; every job must be had once. */
async function drain(database: ReturnType<typeof connectPostgres>): Promise<number> {
	const had = new Set<string>();
	const claimer = { userId: user, runner: "bench", labels: [], leaseSeconds: 60 };
	const turns = new Turns(database, testLogger);
	const began = performance.now();
	await Promise.all(
		Array.from({ length: loops }, async () => {
			for (let next: Claimed | null = await turns.claim(claimer); next; next = await turns.claim(claimer)) {
				const { job, lease } = next;
				await turns.complete({ userId: user, jobId: job.id, lease: lease.token, status: "completed" });
				if (had.has(job.id)) throw new Error("a job was had twice");
				had.add(job.id);
			}
		}),
	);
	const seconds = (performance.now() - began) / 1_000;
	if (had.size !== jobs) throw new Error(`${had.size} of ${jobs} jobs were had`);
	return seconds;
}
