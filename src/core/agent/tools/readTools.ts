import * as z from "zod/mini";
import { GammaError } from "../../../shared/errors";
import { compareRuns } from "../../compare/compareRuns";
import { findRuns } from "../context/assemble";
import { describeRun } from "../context/describeRun";
import { lastError } from "../context/lastError";
import { metricSummary, mostPoints, windowOf } from "../context/metricSummary";
import { withoutSecrets } from "../context/secrets";
import type { Sources } from "../sources";
import { type AgentTool, defineTool } from "./agentTool";

const path = z.string().check(z.maxLength(4_096));
const whole = z.int().check(z.gte(1), z.lte(10_000_000));
const step = z.nullish(z.number());
const runName = z.string().check(z.minLength(1), z.maxLength(500));
const revision = z.string().check(z.regex(/^[0-9A-Za-z][\w./~^-]{0,200}$/));
const mostLines = 1_500;
/** Of a log, its end; an error is there. */
const mostLogChars = 2_000_000;

/** Those that look at the code: files of the workspace and what git knows of them. */
export function codeTools(sources: Sources): readonly AgentTool[] {
	const files = () => demand(sources.files(), "No folder is open.");
	const git = () => demand(sources.git(), "This folder is in no git repository, or is not trusted.");
	return [
		defineTool({
			name: "read_file",
			effect: "read",
			description: "Reads a text file of the workspace, with line numbers. Give a range of lines for a long one.",
			schema: z.object({ path, from_line: z.optional(whole), to_line: z.optional(whole) }),
			title: (input) => `read ${input.path}${input.from_line === undefined ? "" : `:${input.from_line}`}`,
			paths: (input) => [input.path],
			run: async (input, { signal }) => {
				const file = await files().read(input.path, signal);
				const from = input.from_line ?? 1;
				const to = Math.min(input.to_line ?? Number.POSITIVE_INFINITY, from + mostLines - 1);
				// Before it is cut, so that a key is known by its first line.
				const lines = withoutSecrets(file.text)
					.text.split("\n")
					.slice(from - 1, to);
				const rest = file.lines - (from - 1) - lines.length;
				const note = rest > 0 ? `\n… ${rest} more lines` : "";
				return lines.map((line, at) => `${from + at}\t${line}`).join("\n") + note;
			},
		}),
		defineTool({
			name: "list_folder",
			effect: "read",
			description: "Lists the files and folders of one folder of the workspace; an empty path is the workspace itself.",
			schema: z.object({ path }),
			title: (input) => `list ${input.path || "the folder"}`,
			paths: (input) => [input.path],
			run: async (input, { signal }) => {
				const entries = await files().list(input.path, signal);
				return entries.map((entry) => entry.path + (entry.isDir ? "/" : "")).join("\n") || "(empty)";
			},
		}),
		defineTool({
			name: "search_files",
			effect: "read",
			description: "Finds lines in the workspace's text files that hold a text exactly as it is written.",
			schema: z.object({ text: z.string().check(z.minLength(2), z.maxLength(500)), under: z.optional(path) }),
			title: (input) => `search for ${JSON.stringify(input.text)}`,
			paths: (input) => (input.under === undefined ? [] : [input.under]),
			run: async (input, { signal }) => {
				const found = await files().search(input.text, input.under ?? "", 200, signal);
				return found.map(({ path, line, text }) => `${path}:${line}: ${text.slice(0, 300)}`).join("\n") || "(nothing)";
			},
		}),
		defineTool({
			name: "git_log",
			effect: "read",
			description: "The newest commits, of one file where a path is given.",
			schema: z.object({ path: z.optional(path), limit: z._default(z.int().check(z.gte(1), z.lte(100)), 20) }),
			title: (input) => `git log ${input.path ?? ""}`.trim(),
			paths: (input) => (input.path ? [input.path] : []),
			run: (input, { signal }) => git().log(input.path || null, input.limit, signal),
		}),
		defineTool({
			name: "git_diff",
			effect: "read",
			description: "What changed from one commit to another, or to the files as they are now where `to` is left out.",
			schema: z.object({ from: revision, to: z.optional(revision), path: z.optional(path) }),
			title: (input) => `diff ${input.from}..${input.to ?? ""} ${input.path ?? ""}`.trim(),
			paths: (input) => (input.path ? [input.path] : []),
			run: (input, { signal }) => git().diff(input.from, input.to ?? null, input.path || null, signal),
		}),
		defineTool({
			name: "git_blame",
			effect: "read",
			description: "Who last changed each of these lines, and in which commit.",
			schema: z.object({ path, from_line: whole, to_line: whole }),
			title: (input) => `blame ${input.path}:${input.from_line}-${input.to_line}`,
			paths: (input) => [input.path],
			run: async (input, { signal }) => {
				const to = Math.min(input.to_line, input.from_line + mostLines);
				const { text } = await files().read(input.path, signal);
				const lines = (of: string) =>
					of
						.split("\n")
						.slice(input.from_line - 1, to)
						.join("\n");
				if (lines(text) !== lines(withoutSecrets(text).text)) {
					throw new GammaError("agent.toolRefused", "There is a secret in these lines; ask for others.");
				}
				return git().blame(input.path, input.from_line, to, signal);
			},
		}),
	];
}

/** Those that look at trainings: runs, metrics, artifacts and jobs. */
export function trainingTools(sources: Sources): readonly AgentTool[] {
	const oneRun = (name: string) =>
		demand(
			findRuns(sources.runs(), [name])[0],
			`There is no run ${JSON.stringify(name)}; list_runs tells which there are.`,
		);
	const oneJob = (id: string) =>
		demand(
			sources.jobs().find(({ job }) => job.id === id || (id.length >= 6 && job.id.startsWith(id))),
			`There is no job ${JSON.stringify(id)}; list_jobs tells which there are.`,
		);
	return [
		defineTool({
			name: "list_runs",
			effect: "read",
			description: "Lists runs, newest first: name, id, experiment, status, commit and last metrics.",
			schema: z.object({ text: z.optional(z.string()), limit: z._default(z.int().check(z.gte(1), z.lte(100)), 25) }),
			title: (input) => (input.text ? `list runs with ${JSON.stringify(input.text)}` : "list runs"),
			run: async (input) => {
				const wanted = input.text?.toLowerCase() ?? "";
				const runs = sources
					.runs()
					.filter((run) => `${run.name} ${run.id} ${run.experimentName} ${run.commit}`.toLowerCase().includes(wanted))
					.sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
				const shown = runs.slice(0, input.limit).map((run) => {
					const metrics = Object.entries(run.metrics)
						.slice(0, 12)
						.map(([key, value]) => `${key}=${value}`);
					return `${run.name} (${run.id}) ${run.experimentName} ${run.status} commit ${run.commit?.slice(0, 9) ?? "unknown"} ${metrics.join(" ")}`;
				});
				return `${runs.length} runs${runs.length > shown.length ? `, the newest ${shown.length}` : ""}\n${shown.join("\n")}`;
			},
		}),
		defineTool({
			name: "read_run",
			effect: "read",
			description: "One run by its name or id: params, last metrics, commit, times.",
			schema: z.object({ run: runName }),
			title: (input) => `read run ${input.run}`,
			run: async (input) => describeRun(oneRun(input.run)),
		}),
		defineTool({
			name: "compare_runs",
			effect: "read",
			description: "Params and last metrics of several runs side by side, and which params differ.",
			schema: z.object({ runs: z.array(runName).check(z.minLength(2), z.maxLength(20)) }),
			title: (input) => `compare ${input.runs.join(", ")}`,
			run: async (input) => JSON.stringify(compareRuns(input.runs.map(oneRun)), finite, 1),
		}),
		defineTool({
			name: "read_metric",
			effect: "read",
			description: `A metric's history between two steps of up to six runs: a summary (shape, best, last, level changes, what stands out) and at most ${mostPoints} points.`,
			schema: z.object({
				...{ metric: z.string().check(z.minLength(1)), runs: z.array(runName).check(z.minLength(1), z.maxLength(6)) },
				...{ from_step: step, to_step: step },
			}),
			title: (input) =>
				`${input.metric} [${input.from_step ?? ""}..${input.to_step ?? ""}] of ${input.runs.join(", ")}`,
			run: async (input, { signal }) => {
				const blocks = input.runs.map(async (name) => {
					const run = oneRun(name);
					const [from, to] = [input.from_step ?? null, input.to_step ?? null];
					const series = await sources.history(run.key, input.metric, signal);
					const { points, total } = windowOf(series, from, to, mostPoints);
					const cut = total > points.length ? ` (${points.length} of ${total} points)` : "";
					return [
						`run ${run.name}`,
						metricSummary(input.metric, series, from, to),
						`step,value${cut}`,
						...points.map(([at, value]) => `${at},${value}`),
					].join("\n");
				});
				return (await Promise.all(blocks)).join("\n\n");
			},
		}),
		defineTool({
			name: "list_artifacts",
			effect: "read",
			description: "The files and folders that a run left, one folder at a time.",
			schema: z.object({ run: runName, path: z._default(z.string().check(z.maxLength(2_000)), "") }),
			title: (input) => `artifacts of ${input.run}${input.path ? `: ${input.path}` : ""}`,
			run: async (input, { signal }) => {
				const entries = await sources.artifacts(oneRun(input.run).key, input.path, signal);
				return (
					entries
						.map(({ path, isDir, sizeBytes }) => `${path}${isDir ? "/" : ` ${sizeBytes ?? "?"} bytes`}`)
						.join("\n") || "(none)"
				);
			},
		}),
		defineTool({
			name: "list_jobs",
			effect: "read",
			description: "Training jobs, newest first: id, branch, commit, state and why.",
			schema: z.object({ limit: z._default(z.int().check(z.gte(1), z.lte(100)), 20) }),
			title: () => "list jobs",
			run: async (input) =>
				sources
					.jobs()
					.map(({ job }) => job)
					.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
					.slice(0, input.limit)
					.map(
						(job) =>
							`${job.id} ${job.branch} ${job.commitSha.slice(0, 9)} ${job.status} ${job.reason ?? ""} "${job.message.split("\n")[0]}"`,
					)
					.join("\n") || "(none)",
		}),
		defineTool({
			name: "read_job",
			effect: "read",
			description: "One training job by its id: its state, progress and last metrics.",
			schema: z.object({ job: runName }),
			title: (input) => `read job ${input.job.slice(0, 8)}`,
			run: async (input) => {
				const { job, metrics, step } = oneJob(input.job);
				return JSON.stringify({ ...job, metrics, step }, finite, 1);
			},
		}),
		defineTool({
			name: "read_job_log",
			effect: "read",
			description: "The end of a job's log, or the part of it that says why it failed.",
			schema: z.object({
				job: runName,
				what: z._default(z.enum(["error", "end"]), "error"),
				lines: z._default(z.int().check(z.gte(1), z.lte(1_000)), 200),
			}),
			title: (input) => `${input.what === "error" ? "last error" : "end of the log"} of job ${input.job.slice(0, 8)}`,
			run: async (input, { signal }) => {
				const log = demand(await sources.log(oneJob(input.job).job.id, signal), "Nobody keeps a log of this job.");
				const clean = withoutSecrets(log.slice(-mostLogChars)).text;
				return input.what === "error" ? lastError(clean) : clean.split("\n").slice(-input.lines).join("\n");
			},
		}),
	];
}

function demand<T>(found: T | null | undefined, otherwise: string): T {
	if (found === null || found === undefined) throw new GammaError("agent.toolRefused", otherwise);
	return found;
}

/** JSON has no NaN. */
function finite(_: string, value: unknown): unknown {
	return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
