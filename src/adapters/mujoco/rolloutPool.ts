import { Worker } from "node:worker_threads";
import { type Failure, GammaError } from "../../shared/errors";
import type { EpisodeOrder, EpisodeResult } from "./evaluateEpisode";
import { OpenTask, type RolloutTask } from "./rolloutTask";

export type WorkerAnswer = { readonly result: EpisodeResult } | { readonly failure: Failure };

export interface PoolOptions {
	/** Threads; with 1 the episodes run in this one. */
	readonly workers: number;
	/** dist/rolloutWorker.cjs. */
	readonly workerPath: string;
	readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs episodes over worker threads. The results are in the order of the orders and do not depend on how many threads there are. The first
 * failure ends the rest and is what it rejects with.
 */
export async function runEpisodes(
	task: RolloutTask,
	orders: readonly EpisodeOrder[],
	options: PoolOptions,
): Promise<readonly EpisodeResult[]> {
	const results: EpisodeResult[] = [];
	let done = 0;
	const finished = (at: number, result: EpisodeResult): void => {
		results[at] = result;
		options.onProgress?.(++done, orders.length);
	};
	const workers = Math.min(options.workers, orders.length);
	if (workers <= 1) {
		const opened = await OpenTask.open(task);
		try {
			for (const [at, order] of orders.entries()) finished(at, await opened.run(order));
		} finally {
			await opened.dispose();
		}
		return results;
	}
	const threads = Array.from(
		{ length: workers },
		() => new Worker(options.workerPath, { workerData: task, execArgv: [] }),
	);
	let next = 0;
	try {
		await Promise.all(
			threads.map(async (thread) => {
				for (let at = next++; at < orders.length; at = next++) {
					const order = orders[at];
					if (order) finished(at, await ask(thread, order));
				}
			}),
		);
	} finally {
		await Promise.all(threads.map((thread) => thread.terminate()));
	}
	return results;
}

function ask(thread: Worker, order: EpisodeOrder): Promise<EpisodeResult> {
	return new Promise((resolve, reject) => {
		const onMessage = (answer: WorkerAnswer): void => {
			settle();
			if ("result" in answer) resolve(answer.result);
			else reject(new GammaError(answer.failure.code, answer.failure.message));
		};
		const onError = (error: unknown): void => {
			settle();
			reject(error);
		};
		const onExit = (code: number): void => onError(new Error(`a rollout's thread ended with ${code}`));
		// Each by its name: a thread has listeners of its own, without which it never says that it ended.
		const settle = (): void => {
			thread.off("message", onMessage);
			thread.off("error", onError);
			thread.off("exit", onExit);
		};
		thread.on("message", onMessage);
		thread.on("error", onError);
		thread.on("exit", onExit);
		thread.postMessage(order);
	});
}
