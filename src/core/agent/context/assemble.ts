import type { Mention, Prompt, SentItem } from "../../../shared/agent/conversation";
import { toFailure } from "../../../shared/errors";
import type { Run } from "../../../shared/run";
import type { Sources } from "../sources";
import { describeRun } from "./describeRun";
import { lastError } from "./lastError";
import { metricSummary, mostPoints, windowOf } from "./metricSummary";
import { type Found, withinBudget } from "./withinBudget";

const mostFilesOfFolder = 20;
const mostRunsOfMetric = 6;

/** What the mentions of a prompt bring along, within the budget. What cannot be read is an item that says why. */
export async function assemble(prompt: Prompt, sources: Sources, signal: AbortSignal): Promise<readonly SentItem[]> {
	const found: Found[] = [];
	for (const mention of prompt.mentions) {
		try {
			found.push(...(await resolve(mention, sources, signal)));
		} catch (error) {
			found.push({ ...nameOf(mention), text: "", leftOut: toFailure(error).message });
		}
	}
	return withinBudget(found);
}

async function resolve(mention: Mention, sources: Sources, signal: AbortSignal): Promise<Found[]> {
	const name = nameOf(mention);
	const whole = (text: string, leftOut: string | null = null): Found[] => [{ ...name, text, leftOut }];
	switch (mention.kind) {
		case "run": {
			const run = sources.runs().find(({ key }) => key === mention.key);
			return run ? whole(describeRun(run)) : whole("", "this run is not there any more");
		}
		case "metric":
			return metric(mention, sources, signal);
		case "job": {
			const job = sources.jobs().find(({ job }) => job.id === mention.id);
			return job
				? whole(JSON.stringify({ ...job.job, metrics: job.metrics, step: job.step }, null, 1))
				: whole("", "this job is not there any more");
		}
		case "jobError": {
			const log = await sources.log(mention.id, signal);
			return log === null ? whole("", "nobody keeps a log of this job") : whole(lastError(log));
		}
		case "diff":
			return whole((await sources.git()?.diff(mention.base, mention.other, null, signal)) ?? "");
		case "file": {
			const file = await sources.files()?.read(mention.path, signal);
			if (!file) return whole("", "no folder is open");
			const lines = file.text.split("\n");
			const [from, to] = [mention.fromLine ?? 1, mention.toLine ?? lines.length];
			return whole(lines.slice(from - 1, to).join("\n"), file.isCut ? "its end: it is very long" : null);
		}
		case "folder":
			return folder(mention.path, sources, signal);
		case "selection":
			return whole(mention.text);
	}
}

async function metric(
	mention: Extract<Mention, { kind: "metric" }>,
	sources: Sources,
	signal: AbortSignal,
): Promise<Found[]> {
	const keys = new Set(mention.runKey === null ? sources.ticked() : [mention.runKey]);
	const runs = sources.runs().filter(({ key, metrics }) => keys.has(key) && Object.hasOwn(metrics, mention.metric));
	const { label } = nameOf(mention);
	if (runs.length === 0) return [{ label, kind: "metric", text: "", leftOut: "no run that is meant has it" }];
	return Promise.all(
		runs.slice(0, mostRunsOfMetric).map(async (run): Promise<Found> => {
			const series = await sources.history(run.key, mention.metric, signal);
			const { points, total } = windowOf(series, mention.fromStep, mention.toStep, mostPoints);
			const text = [
				metricSummary(mention.metric, series, mention.fromStep, mention.toStep),
				"step,value",
				...points.map(([step, value]) => `${step},${value}`),
			].join("\n");
			const leftOut = total > points.length ? `${total - points.length} of ${total} points` : null;
			return { label: `${label} of ${run.name}`, kind: "metric", text, leftOut };
		}),
	);
}

async function folder(path: string, sources: Sources, signal: AbortSignal): Promise<Found[]> {
	const files = sources.files();
	if (!files) return [{ label: path, kind: "folder", text: "", leftOut: "no folder is open" }];
	const entries = await files.list(path, signal);
	const readable = entries.filter(({ isDir }) => !isDir).slice(0, mostFilesOfFolder);
	const found: Found[] = [
		{
			label: path,
			kind: "folder",
			leftOut: null,
			text: entries.map((one) => one.path + (one.isDir ? "/" : "")).join("\n"),
		},
	];
	for (const entry of readable) {
		const text = await files.read(entry.path, signal).catch(() => null);
		if (text) found.push({ label: entry.path, kind: "file", text: text.text, leftOut: text.isCut ? "its end" : null });
	}
	return found;
}

function nameOf(mention: Mention): { readonly label: string; readonly kind: SentItem["kind"] } {
	const range = (from: number | null, to: number | null) =>
		from === null && to === null ? "" : `[${from ?? ""}..${to ?? ""}]`;
	switch (mention.kind) {
		case "run":
			return { label: mention.name, kind: "run" };
		case "metric":
			return { label: `${mention.metric} ${range(mention.fromStep, mention.toStep)}`.trim(), kind: "metric" };
		case "job":
			return { label: `job ${mention.id.slice(0, 8)}`, kind: "job" };
		case "jobError":
			return { label: `last error of job ${mention.id.slice(0, 8)}`, kind: "log" };
		case "diff":
			return { label: `diff ${mention.base.slice(0, 7)}..${mention.other.slice(0, 7)}`, kind: "diff" };
		case "folder":
			return { label: mention.path, kind: "folder" };
		case "file":
			return { label: mention.fromLine === null ? mention.path : `${mention.path}:${mention.fromLine}`, kind: "file" };
		case "selection":
			return { label: `${mention.path}:${mention.fromLine}-${mention.toLine}`, kind: "selection" };
	}
}

/** Runs by a name, an id or a key, as a model or a person writes them. */
export function findRuns(runs: readonly Run[], named: readonly string[]): readonly Run[] {
	return named.flatMap((name) => {
		const found = runs.filter((run) => run.key === name || run.id === name || run.name === name);
		return found.length > 0 ? found : runs.filter(({ id }) => name.length >= 6 && id.startsWith(name)).slice(0, 1);
	});
}
