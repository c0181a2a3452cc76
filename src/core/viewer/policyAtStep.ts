import { nearestStep } from "../../shared/policy/nearestStep";
import { policyFileName } from "../../shared/policy/policyFile";
import { stepOfPath } from "../sidecar/checkpointStep";

/** A network among a run's artifacts, with the description that belongs to it. */
export interface LoggedPolicy {
	/** Of the ONNX file. */
	readonly path: string;
	readonly step: number;
	/** Of its policy.json: beside it, or in a folder above. */
	readonly specPath: string;
}

/** The policies among the paths of a run's artifacts whose name says their step, the earliest first. */
export function policiesAmong(paths: readonly string[]): readonly LoggedPolicy[] {
	const known = new Set(paths);
	return paths
		.flatMap((path) => {
			const step = /\.onnx$/i.test(path) ? stepOfPath(path) : null;
			const specPath = step === null ? null : specOf(path, known);
			return step === null || specPath === null ? [] : [{ path, step, specPath }];
		})
		.sort((a, b) => a.step - b.step || (a.path < b.path ? -1 : 1));
}

function specOf(path: string, known: ReadonlySet<string>): string | null {
	return specCandidates(path).find((candidate) => known.has(candidate)) ?? null;
}

/** Where the description of a network, or of a recording, may be: under its own name, beside it or in a folder above; the nearest first. */
export function specCandidates(path: string): readonly string[] {
	const found = [path.replace(/\.[^./]+$/, ".json")];
	for (let folder = parentOf(path); ; folder = parentOf(folder)) {
		found.push(folder === "" ? policyFileName : `${folder}/${policyFileName}`);
		if (folder === "") return found;
	}
}

/** The one nearest to a step; of two as near the earlier. Undefined where there is none. */
export function nearestPolicy(policies: readonly LoggedPolicy[], step: number): LoggedPolicy | undefined {
	const nearest = nearestStep(
		policies.map((policy) => policy.step),
		step,
	);
	return policies.find((policy) => policy.step === nearest);
}

/** A path that a file names, from that file's folder; null where it leads outside. */
export function joinedPath(from: string, named: string): string | null {
	const parts = parentOf(from).split("/").filter(Boolean);
	for (const part of named.split(/[\\/]/)) {
		if (part === "" || part === ".") continue;
		if (part !== "..") parts.push(part);
		else if (parts.pop() === undefined) return null;
	}
	return parts.join("/");
}

function parentOf(path: string): string {
	return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
