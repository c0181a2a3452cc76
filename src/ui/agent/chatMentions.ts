import * as vscode from "vscode";
import * as z from "zod/mini";
import { rankCompletions } from "../../core/agent/rankCompletions";
import { type MentionWorld, resolveMentions } from "../../core/agent/resolveMentions";
import type { Mention, Prompt } from "../../shared/agent/conversation";
import { printMention } from "../../shared/agent/mentionText";
import { GammaError } from "../../shared/errors";
import type { Completion, Draft } from "../../shared/panels/agentPanel";
import type { AgentPorts } from "./agentPorts";
import { mentionOfFile } from "./fileMentions";

/** So many of each kind are offered to choose from; what is typed ranks them. */
const offered = 200;
const filesOffered = 2_000;

const rowSchema = z.object({
	kind: z.string(),
	id: z.string(),
	key: z.optional(z.string()),
	jobId: z.optional(z.string()),
});

/** What can be named in a prompt: offered while it is typed, found again when it is sent. */
export class ChatMentions {
	#files: { readonly paths: readonly string[]; readonly atMs: number } | null = null;

	constructor(private readonly ports: AgentPorts) {}

	async complete(query: string, aboutJob: string | null): Promise<readonly Completion[]> {
		const isOfFiles = /^(f|fo|fi|fil|fol|file|folder|.*[./])/i.test(query) || query.length > 2;
		const files = isOfFiles ? await this.#filePaths() : [];
		return rankCompletions(
			[
				...kinds,
				...this.#jobs(aboutJob),
				...this.#metrics(),
				...this.#runs(),
				...this.#diffs(),
				...fileCompletions(files),
			],
			query,
		);
	}

	/** Throws `call.invalid` with a sentence where a name means nothing here. */
	toPrompt(draft: Draft, aboutJob: string | null): Prompt {
		const mentions = resolveMentions(draft, this.#world(aboutJob));
		return { text: draft.text, mentions: [...mentions], images: [...draft.images] };
	}

	/** What was dropped: addresses of files, and rows of Gamma's own lists by the handles that the editor gives them. */
	async dropped(uris: readonly string[], rows: readonly string[]): Promise<readonly Completion[]> {
		const files = await Promise.all(uris.map((uri) => mentionOfFile(vscode.Uri.parse(uri, true))));
		const named = rows.flatMap((row) => this.#ofHandle(row) ?? []);
		const mentions = [...files, ...named];
		if (mentions.length === 0)
			throw new GammaError("call.invalid", "This cannot be named in a prompt: drop files, folders, runs or jobs.");
		return mentions.map((mention) => completionOf(mention));
	}

	/** Undefined where the person chose none. */
	async askMetric(): Promise<Mention | undefined> {
		const names = this.#metrics().flatMap(({ mention }) => (mention?.kind === "metric" ? [mention.metric] : []));
		if (names.length === 0) throw new GammaError("metric.missing", "No run has logged a metric to ask about yet.");
		const metric = await vscode.window.showQuickPick(names, { title: vscode.l10n.t("Ask About a Metric") });
		return metric === undefined ? undefined : mentionOfMetric({ metric });
	}

	ofRunRows(given: readonly unknown[]): readonly Mention[] {
		const keys = rowsOf(given).flatMap(({ key }) => key ?? []);
		const wanted = keys.length > 0 ? keys : this.ports.choices.snapshot.checked;
		const mentions = wanted.flatMap((key) => this.#run(key) ?? []);
		if (mentions.length > 0) return mentions;
		throw new GammaError("run.missing", "Select a run in the side bar, or tick one, to ask about it.");
	}

	ofJobRows(given: readonly unknown[]): readonly Mention[] {
		const ids = rowsOf(given).flatMap(({ id, jobId }) => jobId ?? this.#jobOfRow(id) ?? []);
		const [newest] = this.#jobIds();
		const wanted = ids.length > 0 ? ids : newest === undefined ? [] : [newest];
		if (wanted.length === 0) throw new GammaError("job.missing", "There is no job to ask about yet.");
		return wanted.map((id) => ({ kind: "job", id }));
	}

	#world(jobId: string | null): MentionWorld {
		const runs = [...this.ports.runs.snapshot.runs.values()].sort(
			(a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0),
		);
		const jobIds = this.#jobIds();
		return { runs, jobIds, jobId: jobId ?? jobIds[0] ?? null };
	}

	#runs(): readonly Completion[] {
		const { runs } = this.#world(null);
		return runs.slice(0, offered).map(({ key, name }) => {
			const run = this.ports.runs.run(key);
			const mention: Mention = { kind: "run", key, name };
			return completionOf(mention, [run?.experimentName, run?.status.toLowerCase()].filter(Boolean).join(" · "));
		});
	}

	/** Of the runs that are ticked, else of all. */
	#metrics(): readonly Completion[] {
		const { checked } = this.ports.choices.snapshot;
		const all = this.ports.runs.snapshot.runs;
		const runs = checked.length > 0 ? checked.flatMap((key) => all.get(key) ?? []) : [...all.values()].slice(0, 100);
		const names = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)));
		return [...names].slice(0, offered).map((metric) => {
			const mention: Mention = { kind: "metric", metric, runKey: null, fromStep: null, toStep: null };
			return completionOf(mention, checked.length > 0 ? "of the ticked runs" : "");
		});
	}

	#jobs(aboutJob: string | null): readonly Completion[] {
		const ids = this.#jobIds();
		const current = aboutJob ?? ids[0];
		const own: readonly Mention[] =
			current === undefined
				? []
				: [
						{ kind: "jobError", id: current },
						{ kind: "job", id: current },
					];
		const short = own.map((mention) => {
			const job = this.ports.jobs.snapshot.jobs.get(current ?? "")?.job;
			const token = mention.kind === "jobError" ? "@job/last-error" : "@job";
			return { token, detail: job ? `${job.branch} · ${job.status}` : "", icon: "server-process", mention };
		});
		return [
			...short,
			...ids.slice(0, 30).map((id) => {
				const job = this.ports.jobs.snapshot.jobs.get(id)?.job;
				return completionOf({ kind: "job", id }, job ? `${job.branch} · ${job.status}` : "");
			}),
		];
	}

	/** Each job's commit against the one before it. */
	#diffs(): readonly Completion[] {
		const commits = [
			...new Set(this.#jobIds().flatMap((id) => this.ports.jobs.snapshot.jobs.get(id)?.job.commitSha ?? [])),
		];
		return commits
			.slice(0, 20)
			.map((sha) =>
				completionOf({ kind: "diff", base: `${sha.slice(0, 9)}~`, other: sha.slice(0, 9) }, "what the commit changed"),
			);
	}

	#jobIds(): readonly string[] {
		return [...this.ports.jobs.snapshot.jobs.values()]
			.sort((a, b) => b.lastSignMs - a.lastSignMs)
			.map(({ job }) => job.id);
	}

	async #filePaths(): Promise<readonly string[]> {
		if (this.#files && Date.now() - this.#files.atMs < 10_000) return this.#files.paths;
		const found = await vscode.workspace.findFiles("**/*", undefined, filesOffered);
		const paths = found.map((uri) => vscode.workspace.asRelativePath(uri, false));
		this.#files = { paths, atMs: Date.now() };
		return paths;
	}

	/** A chart's title that was dragged says `metric:` and the metric's name. VS Code's handle of a row with an id of its own ends with it: `…/0:run:<key>` or `1/run:<key>`. */
	#ofHandle(handle: string): Mention | null {
		const metric = /^metric:(.+)$/s.exec(handle)?.[1];
		if (metric !== undefined) return mentionOfMetric({ metric });
		const run = /run:(.+)$/s.exec(handle)?.[1];
		if (run !== undefined) return this.#run(run);
		const id = /(?:attempt|push):(.+)$/s.exec(handle)?.[0];
		const job = id === undefined ? null : /^attempt:/.test(id) ? id.slice("attempt:".length) : this.#jobOfRow(id);
		return job === null || !this.ports.jobs.snapshot.jobs.has(job) ? null : { kind: "job", id: job };
	}

	/** A push's row is of its newest attempt: the newest job whose id or commit its key has. */
	#jobOfRow(rowId: string): string | null {
		return (
			this.#jobIds().find((id) => {
				const job = this.ports.jobs.snapshot.jobs.get(id)?.job;
				return rowId.includes(id) || (job !== undefined && rowId.includes(job.commitSha));
			}) ?? null
		);
	}

	#run(key: string): Mention | null {
		const run = this.ports.runs.run(key);
		return run ? { kind: "run", key, name: run.name } : null;
	}
}

const icons: Record<Mention["kind"], string> = {
	run: "circle-filled",
	metric: "graph-line",
	job: "server-process",
	jobError: "error",
	diff: "git-compare",
	file: "file",
	folder: "folder",
	selection: "list-selection",
};

/** What each kind is begun with, for who does not know them yet. */
const kinds: readonly Completion[] = [
	{ token: "@run:", detail: "a run", icon: icons.run, mention: null },
	{ token: "@metric:", detail: "a metric, with [from..to] of steps", icon: icons.metric, mention: null },
	{ token: "@job:", detail: "a job", icon: icons.job, mention: null },
	{ token: "@diff:", detail: "two commits, A..B", icon: icons.diff, mention: null },
	{ token: "@file:", detail: "a file, with #lines", icon: icons.file, mention: null },
	{ token: "@folder:", detail: "a folder", icon: icons.folder, mention: null },
];

function completionOf(mention: Mention, detail = ""): Completion {
	const ref = mention.kind === "metric" ? { ...mention, run: null } : mention;
	return { token: printMention(ref), detail, icon: icons[mention.kind], mention };
}

function fileCompletions(paths: readonly string[]): readonly Completion[] {
	const folders = new Set(
		paths.flatMap((path) =>
			path
				.split("/")
				.slice(0, -1)
				.map((_, at, parts) => parts.slice(0, at + 1).join("/")),
		),
	);
	return [
		...paths.map((path) => completionOf({ kind: "file", path, fromLine: null, toLine: null })),
		...[...folders].map((path) => completionOf({ kind: "folder", path })),
	];
}

/** Menus hand over the row, and all selected ones. */
function rowsOf([first, second]: readonly unknown[]): readonly z.infer<typeof rowSchema>[] {
	const rows = Array.isArray(second) && second.length > 0 ? second : [first];
	return rows.flatMap((row) => rowSchema.safeParse(row).data ?? []);
}

const metricSchema = z.object({
	metric: z.string().check(z.minLength(1)),
	fromStep: z.catch(z.nullable(z.number()), null),
	toStep: z.catch(z.nullable(z.number()), null),
});

/** A metric of the ticked runs. Throws `call.invalid` where none is named. */
export function mentionOfMetric(given: unknown): Mention {
	const parsed = metricSchema.safeParse(given);
	if (!parsed.success)
		throw new GammaError("call.invalid", "Open a chart and choose “Ask about this metric” in its menu.");
	return { kind: "metric", runKey: null, ...parsed.data };
}
