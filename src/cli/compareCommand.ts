import type { Command } from "commander";
import { compareRuns } from "../core/compare/compareRuns";
import { compareSheet } from "../core/compare/compareSheet";
import { formatNumber } from "../core/table/formatValue";
import type { Run } from "../shared/run";
import { fromRunsStore, withStores } from "./openStores";
import { withStoreOptions } from "./storeOption";
import type { Terminal } from "./terminal";

interface CompareOptions {
	readonly store?: string;
	readonly json?: boolean;
}

export function addCompare(gamma: Command, terminal: Terminal): void {
	withStoreOptions(gamma.command("compare"))
		.description("Shows params and last metrics of runs side by side; params that differ are marked.")
		.argument("<run-id...>")
		.action((runIds: readonly string[], options: CompareOptions) =>
			withStores(options, async (stores) => {
				const runs: Run[] = [];
				for (const runId of new Set(runIds)) {
					runs.push(await fromRunsStore(stores, runId, (store) => store.run(runId)));
				}
				if (options.json) terminal.writeJson(compareRuns(runs));
				else writeComparison(terminal, runs);
			}),
		);
}

function writeComparison(terminal: Terminal, runs: readonly Run[]): void {
	const sections = compareSheet(runs).filter(({ part }) => part !== "tags");
	terminal.writeTable(
		["", "", ...runs.map((run) => run.name || run.id)],
		sections.flatMap(({ part, rows }) =>
			rows.map((row) => [
				row.differs && part === "params" ? "≠" : "",
				row.key,
				...row.values.map((value) => (typeof value === "number" ? formatNumber(value) : (value ?? "–"))),
			]),
		),
	);
}
