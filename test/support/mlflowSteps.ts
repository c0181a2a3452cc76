import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod/mini";

const script = resolve(import.meta.dirname, "python/mlflowSteps.py");
const answer = z.object({ answer: z.nullable(z.string()) });

/** A real MLflow client in a process of its own that does what it is told: `await client.step("log_metric", run, "loss", 0.5)`. */
export class MlflowSteps {
	readonly #process: ChildProcessWithoutNullStreams;
	readonly #lines: AsyncIterator<string>;

	constructor(python: string, uri: string) {
		const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_DISABLE_TELEMETRY: "true" };
		this.#process = spawn(python, [script, uri], { env });
		this.#process.stderr.resume();
		this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
	}

	/** The id for `create_run` and `create_experiment`, else an empty text. */
	async step(method: string, ...parameters: unknown[]): Promise<string> {
		this.#process.stdin.write(`${JSON.stringify([method, ...parameters])}\n`);
		for (;;) {
			const line = await this.#lines.next();
			if (line.done) throw new Error(`the MLflow client ended at ${method}`);
			if (line.value.startsWith('{"answer"')) return answer.parse(JSON.parse(line.value)).answer ?? "";
		}
	}

	stop(): void {
		this.#process.kill();
	}
}
