// pg-boss: jobs fetched one by one in eight loops, each completed; prints the seconds.
import { PgBoss } from "pg-boss";

const count = Number(process.env.JOBS);
const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, max: 16, supervise: false, schedule: false });
boss.on("error", (error) => {
	throw error;
});
await boss.start();
await boss.createQueue("bench");
await boss.insert(
	"bench",
	Array.from({ length: count }, (_, n) => ({ data: { n } })),
);
let done = 0;
const began = performance.now();
await Promise.all(
	Array.from({ length: 8 }, async () => {
		for (;;) {
			const [job] = await boss.fetch("bench");
			if (!job) return;
			await boss.complete("bench", job.id);
			done++;
		}
	}),
);
const seconds = (performance.now() - began) / 1000;
if (done !== count) throw new Error(`pg-boss did ${done} of ${count}`);
process.stdout.write(`${seconds}\n`);
process.exit(0);
