import type { ChartAnswer, ChartLine, ChartLineQuery } from "../../src/shared/chart";
import type { ChartsMetric, ChartsRun, ChartsState } from "../../src/shared/panels/chartsPanel";
import type { ChartsView } from "../../src/shared/panels/chartsView";

/** One line as a person knows it: which runs it stands for, its name and its colour slot. */
export interface LineSubject {
	/** The run's key, `group:` and the seed group, or `baseline`. */
	readonly id: string;
	readonly runKeys: readonly string[];
	readonly name: string;
	readonly slot: number;
	readonly kind: "run" | "group" | "baseline";
}

export interface DrawnLine extends LineSubject {
	readonly line: ChartLine;
}

export const baselineId = "baseline";

/** The lines of one chart: a run each, or a seed group each; the baseline first, behind the others. */
export function subjectsOf(state: ChartsState, view: ChartsView, metric: ChartsMetric): LineSubject[] {
	const hidden = new Set(view.hidden);
	const runs = (state.runSets[metric.runSet] ?? []).flatMap((index) => {
		const run = state.runs[index];
		return run && !hidden.has(run.key) ? [run] : [];
	});
	const baseline = state.baseline;
	const behind: LineSubject[] =
		baseline && !hidden.has(baseline.run.key)
			? [
					{
						id: baselineId,
						runKeys: baseline.members,
						name: baselineName(baseline.run.name, baseline.members.length),
						slot: baseline.run.colour,
						kind: "baseline",
					},
				]
			: [];
	return [...behind, ...(view.groupSeeds ? groupsOf(runs) : runs.map(toSubject))];
}

function baselineName(name: string, members: number): string {
	return members > 1 ? `baseline ${name} (n = ${members})` : `baseline ${name}`;
}

function toSubject(run: ChartsRun): LineSubject {
	return { id: run.key, runKeys: [run.key], name: run.name, slot: run.colour, kind: "run" };
}

/** Runs of one seed group as one line, in the colour of its first run; a run alone stays itself. */
export function groupsOf(runs: readonly ChartsRun[]): LineSubject[] {
	const groups = new Map<string, ChartsRun[]>();
	for (const run of runs) {
		const members = groups.get(run.group);
		if (members) members.push(run);
		else groups.set(run.group, [run]);
	}
	return [...groups].flatMap(([group, members]) => {
		const [first] = members;
		if (!first) return [];
		if (members.length === 1) return [toSubject(first)];
		return [
			{
				id: `group:${group}`,
				runKeys: members.map((run) => run.key),
				name: `${first.name} +${members.length - 1} (mean of ${members.length})`,
				slot: first.colour,
				kind: "group" as const,
			},
		];
	});
}

export function toLineQuery({ id, runKeys }: LineSubject): ChartLineQuery {
	return { id, runKeys: [...runKeys] };
}

/** The answer's lines that are still wanted, under the names they have now. */
export function drawnLines(answer: ChartAnswer, subjects: readonly LineSubject[]): DrawnLine[] {
	const lines = new Map(answer.lines.map((line) => [line.id, line]));
	return subjects.flatMap((subject) => {
		const line = lines.get(subject.id);
		return line ? [{ ...subject, line }] : [];
	});
}
