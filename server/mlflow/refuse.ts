import { ServerRefusal } from "../../src/adapters/mlflow/serverClient";
import { GammaError } from "../../src/shared/errors";
import { notFound, Problem } from "../problem";

export const noMlflow = () => new Problem(404, "This relay has no MLflow server: MLFLOW_TRACKING_URI names none.");

const away = () => new Problem(503, "The MLflow server behind this relay cannot be reached; try again in a moment.");

/** An error of MLflow's client as a problem: it names neither the server nor what the relay signs in with. */
export function refuse(error: unknown): never {
	if (GammaError.is(error, "run.missing", "metric.missing", "artifact.missing")) throw notFound();
	if (GammaError.is(error, "store.unreachable", "store.busy")) throw away();
	if (GammaError.is(error)) {
		throw new Problem(502, "The MLflow server behind this relay refuses the relay; whoever runs it must sign it in.");
	}
	if (error instanceof ServerRefusal) {
		if (error.status >= 500) throw away();
		if (error.status === 404) throw notFound();
		throw new Problem(400, `MLflow refuses that: ${error.said || error.errorCode}`);
	}
	// Who asked is gone, or it took longer than anything may.
	if (error instanceof DOMException) throw away();
	throw error;
}
