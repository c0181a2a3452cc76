import type { Part } from "../../src/shared/agent/conversation";

type ToolPart = Extract<Part, { kind: "tool" }>;

/** What a tool did, and of what: one, or several. A tool that is not here is told by its own title. */
const told: Readonly<Record<string, readonly [verb: string, one: string, many: string]>> = {
	read_file: ["read", "file", "files"],
	list_folder: ["read", "folder", "folders"],
	search_files: ["searched", "time", "times"],
	git_log: ["read", "log of git", "logs of git"],
	git_diff: ["read", "diff", "diffs"],
	git_blame: ["read", "blame", "blames"],
	list_runs: ["read", "list of runs", "lists of runs"],
	read_run: ["read", "run", "runs"],
	compare_runs: ["compared", "time", "times"],
	read_metric: ["read", "metric", "metrics"],
	list_artifacts: ["read", "list of artifacts", "lists of artifacts"],
	list_jobs: ["read", "list of jobs", "lists of jobs"],
	read_job: ["read", "job", "jobs"],
	read_job_log: ["read", "log", "logs"],
	propose_edit: ["proposed", "edit", "edits"],
	propose_new_file: ["proposed", "new file", "new files"],
	propose_rename: ["proposed", "new name", "new names"],
	propose_delete: ["proposed", "deletion", "deletions"],
	draw_chart: ["drew", "chart", "charts"],
	draw_table: ["drew", "table", "tables"],
};

/** `Read 4 files, 2 metrics, proposed 1 edit`: what several calls did, in the order in which each kind came first. One says what it is. */
export function callSummary(calls: readonly ToolPart[]): string {
	const [only, ...others] = calls;
	if (!only) return "";
	if (others.length === 0) return only.title || only.name;
	const counts = new Map<string, number>();
	for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1);
	let lastVerb = "";
	const pieces = [...counts].map(([name, count]) => {
		const [verb, one, many] = told[name] ?? [`used ${name.replaceAll("_", " ")}`, "time", "times"];
		const said = `${verb === lastVerb ? "" : `${verb} `}${count} ${count === 1 ? one : many}`;
		lastVerb = verb;
		return said;
	});
	const text = pieces.join(", ");
	return text.charAt(0).toUpperCase() + text.slice(1);
}
