import { formatDuration } from "../durations";
import { costWords } from "./cost";
import { phaseOfTraining, spotWords, type Training } from "./training";

/** What a page says of a training, in the order of what is asked most. */
export function trainingFacts(training: Training, nowMs: number): readonly (readonly [name: string, value: string])[] {
	const machines = training.instanceCount > 1 ? `${training.instanceCount} × ` : "";
	const seconds = (value: number | null) => (value === null ? null : formatDuration(value * 1_000));
	const found: readonly (readonly [string, string | null])[] = [
		["Phase", phaseOfTraining(training) ?? training.phase],
		["Machine", training.instanceType === null ? null : `${machines}${training.instanceType}`],
		["Spot", spotWords(training)],
		["Trained", seconds(training.trainingSeconds)],
		["Billed", seconds(training.billableSeconds)],
		["Saved by spot", savedBySpot(training)],
		["Cost", costWords(training, nowMs)],
		["Longest run", seconds(training.maxRuntimeSeconds)],
		["Image", training.image],
		["Role", training.role],
		...training.inputs.map(({ name, uri }) => [`Input ${name}`, uri] as const),
		["Output", training.outputUri],
		["Model", training.modelUri],
		["Checkpoints", training.checkpointUri],
	];
	return found.flatMap(([name, value]) => (value === null || value === "" ? [] : [[name, value] as const]));
}

function savedBySpot({ isSpot, trainingSeconds, billableSeconds }: Training): string | null {
	if (!isSpot || !trainingSeconds || billableSeconds === null) return null;
	return `${Math.max(0, Math.round((1 - billableSeconds / trainingSeconds) * 100))} %`;
}
