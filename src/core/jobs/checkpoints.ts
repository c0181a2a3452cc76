import * as z from "zod/mini";
import { stepOfPath } from "../sidecar/checkpointStep";

/** A file that a training can go on from. */
export interface Checkpoint {
	/** As an artifact of its run. */
	readonly path: string;
	readonly step: number | null;
	readonly sizeBytes: number | null;
	/** When it was written; null where nobody noted it. */
	readonly timestampMs: number | null;
}

export const checkpointFolder = "checkpoints";
export const manifestPath = `${checkpointFolder}/manifest.json`;
/** Of files that say nothing else of themselves. */
const checkpointNames = /\.(?:ckpt|pt|pth|safetensors|h5|keras|pkl|joblib|onnx|weights)$/i;

const entry = z.object({
	path: z.string(),
	sizeBytes: z.optional(z.catch(z.nullable(z.number()), null)),
	step: z.optional(z.catch(z.nullable(z.number()), null)),
	timestampMs: z.optional(z.catch(z.nullable(z.number()), null)),
});
const manifest = z.object({ checkpoints: z.array(z.unknown()) });

/** What the sidecar notes beside the checkpoints that it keeps; empty where it is no such note. */
export function readManifest(text: string): readonly Checkpoint[] {
	const parsed = manifest.safeParse(parseJson(text));
	if (!parsed.success) return [];
	return parsed.data.checkpoints.flatMap((each) => {
		const { success, data } = entry.safeParse(each);
		if (!success) return [];
		const { path, sizeBytes = null, step = null, timestampMs = null } = data;
		return [{ path: `${checkpointFolder}/${path}`, step, sizeBytes, timestampMs }];
	});
}

/** Of artifacts that nobody took notes of: those that look like checkpoints, with the step that their name says. */
export function checkpointsAmong(
	artifacts: readonly { readonly path: string; readonly isDir: boolean; readonly sizeBytes: number | null }[],
): readonly Checkpoint[] {
	return artifacts
		.filter(({ path, isDir }) => !isDir && checkpointNames.test(path))
		.map(({ path, sizeBytes }) => ({ path, step: stepOfPath(path), sizeBytes, timestampMs: null }));
}

/** By time, else by step; what says neither comes last, by name. */
export function newestFirst(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
	const rank = ({ timestampMs, step }: Checkpoint) => [timestampMs ?? -1, step ?? -1] as const;
	return [...checkpoints].sort((a, b) => {
		const [timeA, stepA] = rank(a);
		const [timeB, stepB] = rank(b);
		return timeB - timeA || stepB - stepA || (a.path < b.path ? -1 : 1);
	});
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
