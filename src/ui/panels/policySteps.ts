import type { RunLibrary } from "../../core/stores/runLibrary";
import { policiesAmong } from "../../core/viewer/policyAtStep";
import type { RunKey } from "../../shared/run";
import { walkArtifacts } from "../downloads/walkArtifacts";

/** The steps at which a run logged a policy that the viewer can run, each once, ascending. */
export async function policySteps(
	library: Pick<RunLibrary, "artifacts">,
	key: RunKey,
	signal: AbortSignal,
): Promise<readonly number[]> {
	const paths: string[] = [];
	for await (const { path } of walkArtifacts(library, key, "", signal)) paths.push(path);
	return [...new Set(policiesAmong(paths).map(({ step }) => step))];
}
