import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";
import { ServerClient, type ServerClientOptions, ServerRefusal } from "./serverClient";

/**
 * Writes a run's end into an MLflow server (`POST /api/2.0/mlflow/runs/update`), times in milliseconds since the epoch.
 * Rejects with a `store.…` error.
 */
export async function endServerRun(
	options: ServerClientOptions,
	runId: string,
	status: "FINISHED" | "FAILED" | "KILLED",
	endMs: number,
): Promise<void> {
	const client = new ServerClient(options);
	const body = { run_id: runId, status, end_time: endMs };
	try {
		await client.json(z.unknown(), { path: "/api/2.0/mlflow/runs/update", body });
	} catch (error) {
		if (error instanceof ServerRefusal)
			throw new GammaError("store.refused", `The run's end could not be written: ${error.message}`, { cause: error });
		throw error;
	}
}
