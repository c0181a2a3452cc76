/** Writes to a real MLflow server by its own REST API, as its clients do. */
export class MlflowApi {
	constructor(
		private readonly url: string,
		private readonly authorization?: string,
	) {}

	async makeExperiment(name: string): Promise<string> {
		return String((await this.#post("experiments/create", { name })).experiment_id);
	}

	/** With these points of metrics; a number that JSON lacks goes as its name. */
	async makeRun(
		experimentId: string,
		name: string,
		metrics: Readonly<Record<string, readonly (number | string)[]>> = {},
	): Promise<string> {
		const started = { experiment_id: experimentId, run_name: name, start_time: Date.now() };
		const made = (await this.#post("runs/create", started)) as { run: { info: { run_id: string } } };
		const { run_id } = made.run.info;
		for (const [key, values] of Object.entries(metrics)) {
			for (const [step, value] of values.entries()) {
				await this.#post("runs/log-metric", { run_id, key, value, step, timestamp: 1_700_000_000_000 + step });
			}
		}
		await this.#post("runs/log-parameter", { run_id, key: "lr", value: "0.1" });
		return run_id;
	}

	/** Through the server, which keeps artifacts itself. */
	async putArtifact(experimentId: string, runId: string, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		const at = `${this.url}/api/2.0/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/${path}`;
		const response = await fetch(at, { method: "PUT", headers: this.#headers(), body: bytes });
		if (!response.ok) throw new Error(`MLflow does not take the artifact: ${response.status} ${await response.text()}`);
	}

	async #post(path: string, body: object): Promise<Record<string, unknown>> {
		const response = await fetch(`${this.url}/api/2.0/mlflow/${path}`, {
			method: "POST",
			headers: { ...this.#headers(), "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`MLflow refuses ${path}: ${response.status} ${await response.text()}`);
		return (await response.json()) as Record<string, unknown>;
	}

	#headers(): Record<string, string> {
		return this.authorization === undefined ? {} : { authorization: this.authorization };
	}
}
