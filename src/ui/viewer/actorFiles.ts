import * as vscode from "vscode";
import { readPolicyFile } from "../../core/rollouts/readPolicyFile";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { joinedPath, type LoggedPolicy } from "../../core/viewer/policyAtStep";
import { GammaError } from "../../shared/errors";
import type { RunKey } from "../../shared/run";
import type { ActorSource } from "./viewerPanel";
import type { ViewerReaders } from "./viewerPorts";

const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf("/") + 1);

/** A recording in a file. */
export function rolloutFile(uri: vscode.Uri, readers: () => Promise<ViewerReaders>): ActorSource {
	return {
		kind: "rollout",
		name: nameOf(uri),
		read: async (sizes) => {
			const { readRollout } = await readers();
			return readRollout(nameOf(uri), await vscode.workspace.fs.readFile(uri), sizes);
		},
	};
}

/** A policy.json in a file; rejects with `settings.invalid` or `policy.invalid`. */
export async function policyFile(
	uri: vscode.Uri,
): Promise<{ readonly model: vscode.Uri; readonly source: ActorSource }> {
	const spec = readPolicyFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), nameOf(uri));
	const { onnx } = spec;
	if (onnx === undefined) {
		throw new GammaError(
			"policy.invalid",
			`${nameOf(uri)} names no network to run: add "onnx", the path of an ONNX file.`,
		);
	}
	const beside = (path: string) => vscode.Uri.joinPath(uri, "..", path);
	const read = async () => ({ spec, onnx: await vscode.workspace.fs.readFile(beside(onnx)) });
	const folder = uri.path.split("/").at(-2);
	return {
		model: beside(spec.model),
		source: { kind: "policy", name: folder ? `${folder}/${nameOf(uri)}` : nameOf(uri), read },
	};
}

/** A policy among a run's artifacts: its model's path, and what runs it. */
export async function loggedPolicy(
	library: RunLibrary,
	key: RunKey,
	{ path, step, specPath }: LoggedPolicy,
): Promise<{ readonly modelPath: string; readonly source: ActorSource }> {
	const bytes = async (wanted: string) => (await library.readArtifact(key, wanted)).bytes;
	const spec = readPolicyFile(new TextDecoder().decode(await bytes(specPath)), specPath);
	const modelPath = joinedPath(specPath, spec.model);
	if (modelPath === null)
		throw new GammaError("policy.invalid", `${specPath}: "model" leads out of the run's artifacts.`);
	return {
		modelPath,
		source: { kind: "policy", name: `step ${step}`, read: async () => ({ spec, onnx: await bytes(path) }) },
	};
}
