// A worker thread that runs episodes one after another (dist/rolloutWorker.cjs): see rolloutPool.ts.
import { parentPort, workerData } from "node:worker_threads";
import { once } from "../../core/once";
import { toFailure } from "../../shared/errors";
import type { EpisodeOrder } from "./evaluateEpisode";
import type { WorkerAnswer } from "./rolloutPool";
import { OpenTask, type RolloutTask } from "./rolloutTask";

// Both ends are this build's own: what a worker is given was made by rolloutPool.ts.
const task: RolloutTask = workerData;
const open = once(() => OpenTask.open(task));

parentPort?.on("message", (order: EpisodeOrder) => {
	const answered = (answer: WorkerAnswer): void => parentPort?.postMessage(answer);
	open()
		.then((opened) => opened.run(order))
		.then(
			(result) => answered({ result }),
			(error: unknown) => answered({ failure: toFailure(error) }),
		);
});
