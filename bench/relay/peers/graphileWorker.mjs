// graphile-worker: a task that does nothing, eight at a time, until none is left; prints the seconds.
import { Logger, makeWorkerUtils, runOnce } from "graphile-worker";

const count = Number(process.env.JOBS);
const logger = new Logger(() => () => {});
const options = { connectionString: process.env.DATABASE_URL, logger, maxPoolSize: 16 };
const utils = await makeWorkerUtils(options);
await utils.migrate();
await utils.addJobs(Array.from({ length: count }, (_, n) => ({ identifier: "bench", payload: { n } })));
let done = 0;
const began = performance.now();
await runOnce({
	...options,
	concurrency: 8,
	noHandleSignals: true,
	taskList: {
		bench: async () => {
			done++;
		},
	},
});
const seconds = (performance.now() - began) / 1000;
await utils.release();
if (done !== count) throw new Error(`graphile-worker did ${done} of ${count}`);
process.stdout.write(`${seconds}\n`);
process.exit(0);
