import * as vscode from "vscode";
import { readPolicyFile } from "../../core/rollouts/readPolicyFile";
import { stepOfPath } from "../../core/sidecar/checkpointStep";
import { networkOf, placedFile, placedPolicy } from "../../core/viewer/placedPolicy";
import type { PlaceFiles } from "../../core/viewer/placeFiles";
import type { ViewedFile } from "../../core/viewer/viewedPath";
import type { ActorSource } from "./viewerPanel";
import type { ViewerReaders } from "./viewerPorts";

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A recording in a file. */
export function rolloutFile(uri: vscode.Uri, readers: () => Promise<ViewerReaders>): ActorSource {
	const name = nameOf(uri.path);
	return {
		...{ kind: "rollout", name, file: null },
		read: async (sizes) => {
			const { readRollout } = await readers();
			return readRollout(name, await vscode.workspace.fs.readFile(uri), sizes);
		},
	};
}

/** A policy.json in a file; rejects with `settings.invalid` or `policy.invalid`. */
export async function policyFile(
	uri: vscode.Uri,
): Promise<{ readonly model: vscode.Uri; readonly source: ActorSource }> {
	const name = nameOf(uri.path);
	const spec = readPolicyFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), name);
	const onnx = networkOf(spec, name);
	const beside = (path: string) => vscode.Uri.joinPath(uri, "..", path);
	const read = async () => ({ spec, onnx: await vscode.workspace.fs.readFile(beside(onnx)) });
	const folder = uri.path.split("/").at(-2);
	return {
		model: beside(spec.model),
		source: { kind: "policy", name: folder ? `${folder}/${name}` : name, file: null, read },
	};
}

/** Something among artifacts that moves a model; read when the panel asks for it. */
export function placedActor(
	files: () => Promise<PlaceFiles>,
	file: ViewedFile,
	readers: () => Promise<ViewerReaders>,
): ActorSource {
	if (file.kind === "rollout") {
		const name = nameOf(file.path);
		return {
			...{ kind: "rollout", name, file },
			read: async (sizes) => (await readers()).readRollout(name, await placedFile(await files(), file.path), sizes),
		};
	}
	const step = file.onnx === null ? null : stepOfPath(file.onnx);
	return {
		...{ kind: "policy", name: step === null ? nameOf(file.onnx ?? file.spec) : `step ${step}`, file },
		read: async () => placedPolicy(await files(), file.spec, file.onnx),
	};
}
