import type { Run } from "../../shared/run";
import { runColourId } from "../contributions";
import { toLine } from "../plainText";
import { type RunState, runStateOf } from "../runs/runState";
import { formatMetric } from "./formatMetric";
import { metricsOfRow } from "./shownMetrics";

/** What a row needs to know beside its run. */
export interface RowScene {
	readonly nowMs: number;
	readonly isChecked: boolean;
	/** The run's slot in the palette. */
	readonly colour: number;
	readonly isBaseline: boolean;
	readonly shownMetrics: readonly string[];
}

export interface RunRow {
	readonly label: string;
	readonly description: string;
	/** A codicon, with `~spin` where it moves. */
	readonly icon: string;
	/** A theme colour's id; null for the text's own colour. */
	readonly iconColour: string | null;
	/** Words that menus match by regular expression. */
	readonly contextValue: string;
	/** What a screen reader says. */
	readonly spoken: string;
}

const icons: Readonly<Record<RunState, string>> = {
	running: "sync~spin",
	silent: "warning",
	scheduled: "circle-outline",
	finished: "pass",
	failed: "error",
	killed: "circle-slash",
	damaged: "warning",
};

export function describeRun(run: Run, scene: RowScene): RunRow {
	const state = runStateOf(run, scene.nowMs);
	const label = toLine(run.name || run.id, 120);
	const facts = factsOf(run, state, scene);
	return {
		label,
		// The star first: in a narrow side bar the end is cut off.
		description: `${scene.isBaseline ? "★ " : ""}${[...facts, ...(scene.isBaseline ? ["baseline"] : [])].join(" · ")}`,
		icon: icons[state],
		iconColour: iconColourOf(state, scene),
		contextValue: contextValueOf(run, state, scene),
		spoken: [label, ...(facts.includes(state) ? [] : [state]), ...facts, ...(scene.isBaseline ? ["baseline"] : [])]
			.concat(run.lifecycleStage === "deleted" && !facts.includes("deleted") ? ["deleted"] : [])
			.join(", "),
	};
}

function factsOf(run: Run, state: RunState, scene: RowScene): string[] {
	if (run.problem !== null) return [toLine(run.problem, 160)];
	const metrics = metricsOfRow(run, scene.shownMetrics).map(
		(metric) => `${toLine(metric, 60)} ${formatMetric(run.metrics[metric] ?? Number.NaN)}`,
	);
	const words = state === "failed" || state === "killed" || state === "silent" ? [state] : [];
	return [...(run.lifecycleStage === "deleted" ? ["deleted"] : []), ...words, ...metrics];
}

function iconColourOf(state: RunState, scene: RowScene): string | null {
	if (scene.isChecked) return runColourId(scene.colour);
	switch (state) {
		case "failed":
			return "list.errorForeground";
		case "silent":
		case "damaged":
			return "list.warningForeground";
		default:
			return null;
	}
}

function contextValueOf(run: Run, state: RunState, scene: RowScene): string {
	const words: readonly (string | false)[] = [
		"run",
		state,
		scene.isChecked ? "checked" : "unchecked",
		scene.isBaseline && "baseline",
		run.commit !== null && "hasCommit",
		run.artifactUri !== null && "hasArtifacts",
		Object.keys(run.params).length > 0 && "hasParams",
		run.lifecycleStage === "deleted" && "deleted",
	];
	return words.filter((word) => word !== false).join(" ");
}
