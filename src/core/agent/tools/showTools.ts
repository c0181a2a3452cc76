import * as z from "zod/mini";
import { type AgentView, agentViewSchema, type Receipt, type ViewBlock } from "../../../shared/agent/agentView";
import { GammaError } from "../../../shared/errors";
import type { Run } from "../../../shared/run";
import { findRuns } from "../context/assemble";
import { windowOf } from "../context/metricSummary";
import type { Sources } from "../sources";
import type { ToolOutcome } from "../toolbox";
import { type AgentTool, defineTool } from "./agentTool";

const words = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
/** A line of the chat's is some hundred pixels wide: of each such stretch its least and its greatest value are kept. */
const mostPoints = 1_000;
const step = z.nullish(z.number());
const shortName = z.string().check(z.minLength(1), z.maxLength(300));

export interface ShowParts {
	readonly newId: () => string;
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

/** Puts something before the person: charts and tables of the runs' own numbers, views, a plan. Drawn from a fixed catalogue. */
export function showTools(sources: Sources, { newId, now }: ShowParts): readonly AgentTool[] {
	const show = (title: string, blocks: AgentView["blocks"], said: string): ToolOutcome => {
		const view = agentViewSchema.safeParse({ version: 1, blocks });
		if (!view.success) throw new GammaError("agent.toolRefused", "This view is larger than what can be shown at once.");
		return { output: said, isError: false, parts: [{ kind: "view", id: newId(), title, view: view.data }] };
	};
	const runsOf = (named: readonly string[]): readonly Run[] =>
		named.map((name) => {
			const [run] = findRuns(sources.runs(), [name]);
			if (run) return run;
			throw new GammaError(
				"agent.toolRefused",
				`There is no run ${JSON.stringify(name)}; list_runs tells which there are.`,
			);
		});
	const receiptOf = (query: string, runs: readonly Run[], pointCount: number): Receipt => ({
		...{ query: query.slice(0, 2_000), pointCount, readAtMs: now() },
		runs: runs.map(({ key, name }) => ({ key, name: name.slice(0, 300) })),
	});
	return [
		defineTool({
			name: "draw_chart",
			effect: "show",
			description:
				"Shows an interactive chart of metrics of runs in the conversation. The points are read from the runs, not from you.",
			schema: z.object({
				...{ title: words(200), metrics: z.array(shortName).check(z.minLength(1), z.maxLength(8)) },
				...{ runs: z.array(words(500)).check(z.minLength(1), z.maxLength(20)) },
				...{ from_step: step, to_step: step, log_y: z.optional(z.boolean()) },
			}),
			title: (input) => `chart ${input.metrics.join(", ")} of ${input.runs.length} runs`,
			run: async ({ title, metrics, runs: named, from_step, to_step, log_y }, { signal }) => {
				const runs = runsOf(named);
				const [from, to] = [from_step ?? null, to_step ?? null];
				const draw = async (metric: string): Promise<{ block: ViewBlock; said: string }> => {
					const lines = await Promise.all(
						runs.map(async (run) => {
							const { points, total } = windowOf(await sources.history(run.key, metric, signal), from, to, mostPoints);
							return { run, points, total };
						}),
					);
					const drawn = lines.filter(({ total }) => total > 0);
					const read = drawn.reduce((sum, { total }) => sum + total, 0);
					if (read === 0) {
						const window = from === null && to === null ? "" : " between these steps";
						throw new GammaError("agent.toolRefused", `None of these runs has ${metric}${window}.`);
					}
					const shown = drawn.reduce((sum, { points }) => sum + points.length, 0);
					const thinned = shown < read ? `, ${shown} of them drawn` : "";
					const window = from === null && to === null ? "" : ` [${from ?? ""}..${to ?? ""}]`;
					const block: ViewBlock = {
						...{ kind: "lines", title: metric, metric, xLabel: "step", yLabel: metric, isLogY: log_y ?? false },
						series: drawn.map(({ run, points }) => ({
							label: run.name.slice(0, 300),
							x: points.map(([at]) => at),
							y: points.map(([, value]) => (Number.isFinite(value) ? value : null)),
						})),
						receipt: receiptOf(
							`${metric}${window}${thinned}`,
							drawn.map(({ run }) => run),
							read,
						),
					};
					return { block, said: `${metric}: ${read} points of ${drawn.length} runs` };
				};
				const charts = await Promise.all(metrics.map(draw));
				return show(
					title,
					charts.map(({ block }) => block),
					`It is shown in the conversation. ${charts.map(({ said }) => said).join("; ")}.`,
				);
			},
		}),
		defineTool({
			name: "draw_table",
			effect: "show",
			description:
				"Shows a table of runs in the conversation: their params and the last values of their metrics, read from the runs.",
			schema: z.object({
				...{ title: words(200), runs: z.array(words(500)).check(z.minLength(1), z.maxLength(50)) },
				params: z._default(z.array(shortName).check(z.maxLength(14)), []),
				metrics: z._default(z.array(shortName).check(z.maxLength(14)), []),
			}),
			title: (input) => `table of ${input.runs.length} runs`,
			run: async ({ title, runs: named, params, metrics }) => {
				const runs = runsOf(named);
				const cell = (value: number | string | undefined) =>
					value === undefined ? null : typeof value === "string" ? value.slice(0, 300) : finiteOr(value);
				const block: ViewBlock = {
					...{ kind: "table", title, columns: ["run", ...params, ...metrics] },
					rows: runs.map((run) => [
						run.name.slice(0, 300),
						...params.map((key) => cell(run.params[key])),
						...metrics.map((key) => cell(run.metrics[key])),
					]),
					receipt: receiptOf(
						[...params, ...metrics.map((key) => `last ${key}`)].join(", ") || "names",
						runs,
						runs.length * metrics.length,
					),
				};
				return show("", [block], "It is shown in the conversation.");
			},
		}),
		defineTool({
			name: "show_view",
			effect: "show",
			description:
				"Shows blocks of a fixed catalogue: text, figures, tables, bars, points, lines of your own numbers, and forms whose answers become the person's next prompt. Numbers of runs belong into draw_chart and draw_table, which read them: what you write here is marked as your own words.",
			schema: z.object({ title: words(200), blocks: agentViewSchema.shape.blocks }),
			title: (input) => `view: ${input.title}`,
			run: async ({ title, blocks }) =>
				// Nobody but Gamma signs what Gamma has read.
				show(
					title,
					blocks.map((block) => ("receipt" in block ? { ...block, receipt: null } : block)),
					"It is shown in the conversation.",
				),
		}),
		defineTool({
			name: "write_plan",
			effect: "show",
			description: "Shows a plan of steps before larger work, for the person to comment on.",
			schema: z.object({ title: words(200), steps: z.array(words(2_000)).check(z.minLength(1), z.maxLength(50)) }),
			title: (input) => `plan: ${input.title}`,
			run: async ({ title, steps }) => {
				const text = steps.map((each, at) => `${at + 1}. ${each.replaceAll("\n", "\n   ")}`).join("\n");
				return show(title, [{ kind: "text", text: text.slice(0, 20_000) }], "It is shown in the conversation.");
			},
		}),
	];
}

function finiteOr(value: number): number | string {
	return Number.isFinite(value) ? value : String(value);
}
