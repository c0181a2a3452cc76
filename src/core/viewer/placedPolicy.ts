import { GammaError } from "../../shared/errors";
import type { PolicyFile } from "../../shared/policy/policyFile";
import { readPolicyFile } from "../rollouts/readPolicyFile";
import type { PlaceFiles } from "./placeFiles";
import { joinedPath } from "./policyAtStep";

/** A policy among artifacts and its network, which `onnx` names where the description shall not. Rejects with `policy.invalid`, `settings.invalid` or `artifact.missing`. */
export async function placedPolicy(files: PlaceFiles, specPath: string, onnx: string | null) {
	const spec = await placedSpec(files, specPath);
	const path = onnx ?? joinedPath(specPath, networkOf(spec, specPath));
	if (path === null) throw new GammaError("policy.invalid", `${specPath}: "onnx" leads out of the artifacts.`);
	return { spec, onnx: await placedFile(files, path) };
}

/** The path of the model that a policy among artifacts is for. */
export async function placedModel(files: PlaceFiles, specPath: string): Promise<string> {
	const model = joinedPath(specPath, (await placedSpec(files, specPath)).model);
	if (model === null) throw new GammaError("policy.invalid", `${specPath}: "model" leads out of the artifacts.`);
	return model;
}

export async function placedFile(files: PlaceFiles, path: string): Promise<Uint8Array> {
	const bytes = await files.read(path);
	if (bytes === null) throw new GammaError("artifact.missing", `There is no ${path} among these artifacts.`);
	return bytes;
}

export function networkOf({ onnx }: PolicyFile, name: string): string {
	if (onnx !== undefined) return onnx;
	throw new GammaError("policy.invalid", `${name} names no network to run: add "onnx", the path of an ONNX file.`);
}

async function placedSpec(files: PlaceFiles, path: string): Promise<PolicyFile> {
	return readPolicyFile(new TextDecoder().decode(await placedFile(files, path)), path);
}
