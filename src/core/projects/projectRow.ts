import { toLine } from "../plainText";
import type { ProjectEntry } from "./projectModel";
import { projectSettingKeys, settingValue, settingWords } from "./projectSettings";
import { summaryWords } from "./projectSummary";

export interface ProjectRow {
	readonly label: string;
	readonly description: string;
	readonly tooltip: string;
	/** A codicon. */
	readonly icon: string;
	/** A theme colour's id; null for the text's own colour. */
	readonly iconColour: string | null;
	/** Words that menus match by regular expression: `project`, the role, `shared`, `here`. */
	readonly contextValue: string;
	readonly spoken: string;
}

export function describeProject(entry: ProjectEntry, nowMs: number): ProjectRow {
	const { project, role, summary, isHere, isShared } = entry;
	const label = toLine(project.name, 120);
	const words = [
		...(isHere ? ["this repository"] : []),
		...(summary ? summaryWords(summary, nowMs) : []),
		...(role === "viewer" ? ["you only look"] : []),
	];
	const hasFailed = (summary?.failedCount ?? 0) > 0;
	return {
		label,
		description: words.join(" · "),
		tooltip: tooltipOf(entry),
		icon: hasFailed ? "error" : (summary?.runningCount ?? 0) > 0 ? "sync~spin" : "repo",
		iconColour: hasFailed ? "list.errorForeground" : null,
		contextValue: ["project", role ?? "unknown", ...(isShared ? ["shared"] : []), ...(isHere ? ["here"] : [])].join(
			" ",
		),
		spoken: [label, ...words].join(", "),
	};
}

function tooltipOf({ project, role }: ProjectEntry): string {
	const settings = projectSettingKeys
		.filter((key) => key !== "name")
		.map((key) => `${settingWords[key].label}: ${toLine(settingValue(project, key), 200) || "–"}`);
	return [toLine(project.repository, 200), ...settings, ...(role === null ? [] : [`You are its ${role}`])].join("\n");
}
