import { GammaError } from "../../shared/errors";
import { placedModel } from "./placedPolicy";
import type { PlaceFiles } from "./placeFiles";
import { specCandidates } from "./policyAtStep";
import { type ViewedFile, type ViewedSubject, viewedKindOf } from "./viewedPath";

/**
 * What is to be seen where an artifact is opened: a model by itself, a network or a recording with the model that the nearest
 * policy.json names. Rejects with `policy.invalid`, `settings.invalid` or `artifact.missing`, saying what lacks.
 */
export async function subjectOfArtifact(files: PlaceFiles, placeId: string, path: string): Promise<ViewedSubject> {
	const kind = viewedKindOf(path);
	switch (kind) {
		case "model":
			return { placeId, model: path, actors: [] };
		case "policy":
			return { placeId, model: await placedModel(files, path), actors: [{ kind: "policy", spec: path, onnx: null }] };
		case "network":
		case "rollout": {
			const spec = await nearestSpec(files, path);
			const file: ViewedFile = kind === "network" ? { kind: "policy", spec, onnx: path } : { kind: "rollout", path };
			return { placeId, model: await placedModel(files, spec), actors: [file] };
		}
		case null:
			throw new GammaError(
				"platform.unsupported",
				"The viewer shows models (MJCF, URDF), policies (ONNX, policy.json) and rollouts (npz, npy, CSV, JSON).",
			);
	}
}

async function nearestSpec(files: PlaceFiles, path: string): Promise<string> {
	for (const candidate of specCandidates(path)) {
		if (candidate !== path && (await files.sizeOf(candidate)) !== null) return candidate;
	}
	throw new GammaError(
		"policy.invalid",
		`Nothing says which model ${path} belongs to: log a policy.json that names it, beside the file or above it.`,
	);
}
