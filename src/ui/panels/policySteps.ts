import { RunArtifacts } from "../../core/artifacts/runArtifacts";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { type LoggedPolicy, policiesAmong } from "../../core/viewer/policyAtStep";
import type { RunKey } from "../../shared/run";
import { walkPlace } from "../artifacts/walkPlace";

/** The policies that a run logged and the viewer can run, the earliest first. */
export async function policiesOf(
	library: Pick<RunLibrary, "artifacts" | "readArtifact">,
	key: RunKey,
	signal: AbortSignal,
): Promise<readonly LoggedPolicy[]> {
	const paths: string[] = [];
	for await (const { path } of walkPlace(new RunArtifacts(library, key), "", signal)) paths.push(path);
	return policiesAmong(paths);
}

/** The steps at which it logged them, each once, ascending. */
export async function policySteps(...asked: Parameters<typeof policiesOf>): Promise<readonly number[]> {
	return [...new Set((await policiesOf(...asked)).map(({ step }) => step))];
}
