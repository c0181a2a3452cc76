import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { JobFacts } from "../../core/jobs/jobFacts";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { Handlers } from "../../shared/call";
import { assertNever, GammaError } from "../../shared/errors";
import { type JobPageAction, type JobPageState, jobCalls, jobPageKept } from "../../shared/panels/jobPanel";
import { jobTitleOf } from "./jobPageTitle";
import type { JobPanelOptions } from "./jobPanelOptions";
import { ageEveryMs, type JobSurroundings, sceneOf, toJobPageState } from "./jobPanelState";
import { disagreementsOfJob } from "./jobTrueStatus";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";

/** So long after its page was opened a job may yet be told of. */
const newcomerMs = 10_000;

/** The page of a job in an editor tab. */
export class JobPanel extends Panel<typeof jobCalls, JobPageState> {
	readonly #facts: JobFacts;
	#timer: ReturnType<typeof setTimeout> | undefined;
	readonly #openedMs = Date.now();

	constructor(
		panel: vscode.WebviewPanel,
		readonly id: string,
		private readonly deps: PanelDeps,
		private readonly options: JobPanelOptions,
		/** A person does something on the page. */
		private readonly onUse: () => void,
	) {
		super(panel, { viewType: "gamma.job", script: "job", calls: jobCalls }, deps.extensionUri, deps.logger);
		this.#facts = this.own(new JobFacts({ ...options, onDidRead: () => this.invalidate() }));
		this.own(
			options.jobs.onDidChange(({ jobIds }) => {
				const { commitSha, branch } = this.#tracked?.job ?? {};
				const isAttempt = (other: TrackedJob | undefined) =>
					other?.job.commitSha === commitSha && other?.job.branch === branch;
				const touched = jobIds.some((other) => other === id || isAttempt(options.jobs.snapshot.jobs.get(other)));
				if (touched || jobIds.length === 0) this.#changed();
			}),
		);
		this.own(deps.model.onDidChange(() => this.#changed()));
		this.own(deps.choices.onDidChange(() => this.invalidate()));
		this.own(options.onDidChangeGit(() => this.#changed()));
		this.own(
			options.summaries.onDidChange(({ sha }) => {
				if (sha === this.#tracked?.job.commitSha) this.#changed();
			}),
		);
		this.own(panel.onDidChangeViewState(() => this.#changed()));
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#changed();
	}

	get isActive(): boolean {
		return this.panel.active;
	}

	get #tracked(): TrackedJob | undefined {
		return this.options.jobs.snapshot.jobs.get(this.id);
	}

	protected state(): JobPageState {
		const nowMs = Date.now();
		const state = toJobPageState(this.id, this.#surroundings(nowMs));
		// A retry's page is open before its stream has told of it.
		return { ...state, isReading: state.isReading || nowMs - this.#openedMs < newcomerMs };
	}

	#surroundings(nowMs: number): JobSurroundings {
		const { model, choices } = this.deps;
		const { jobs, runsOf, hasGit, trainings } = this.options;
		return {
			...{ jobs: jobs.snapshot, runs: model.snapshot, runsOf, choices, facts: this.#facts, nowMs },
			hasGit: hasGit(),
			summaryOf: (sha) => this.options.summaries.of(sha),
			lastLogMs: (tracked) => trainings.lastLogMs(tracked, () => this.invalidate()),
		};
	}

	protected handlers(): Handlers<typeof jobCalls> {
		return {
			act: ({ action }) => this.#inBackground(() => this.#act(action)),
			openRun: ({ key }) => this.deps.actions.openRun(key),
			openUrl: ({ url }) => {
				// Only what GitHub itself named as a page of this run.
				const isTold = this.state().job?.workflow?.jobs;
				if (isTold?.kind === "ready" && isTold.value?.some((each) => each.url === url)) {
					void vscode.env.openExternal(vscode.Uri.parse(url, true));
				}
			},
			openJob: ({ id }) => this.options.actions().openJob(id),
			mend: ({ index }) => this.#inBackground(() => this.#mend(index)),
			openFrame: ({ path, line }) => {
				this.onUse();
				this.#inBackground(() => this.options.openFrame(this.#job().job.commitSha, path, line));
			},
			comment: async ({ text }) => {
				this.onUse();
				const relay = this.options.relay();
				if (!relay) throw new GammaError("relay.unreachable", "No relay is connected just now: send it again later.");
				await this.#facts.comment(this.#job(), relay, text);
			},
		};
	}

	async #act(action: JobPageAction): Promise<void> {
		this.onUse();
		const { options, deps, id } = this;
		const tracked = this.#job();
		const [run] = options.runsOf(tracked);
		switch (action) {
			case "stop":
				return options.actions().stop(id);
			case "retry":
				return options.actions().retry(id);
			case "rerun":
				return options.actions().rerunWithParams(id);
			case "clone":
				return options.trainings.clone(tracked);
			case "openConsole":
				return options.trainings.openInConsole(tracked);
			case "openLog":
				return options.actions().openLog(id);
			case "downloadLog":
				return options.downloadLog(tracked);
			case "rerunWorkflow":
				return options.actions().changeWorkflow(id, "rerun");
			case "rerunFailedJobs":
				return options.actions().changeWorkflow(id, "rerunFailed");
			case "cancelWorkflow":
				return options.actions().changeWorkflow(id, "cancel");
			case "openOnForge":
				return options.actions().openOnForge(id);
			case "openCommit":
				return options.openCommit(tracked);
			case "openCharts":
				return deps.actions.openCharts(options.runsOf(tracked).map(({ key }) => key));
			case "compareToBaseline": {
				const { baseline } = deps.choices.snapshot;
				return run && baseline !== null ? deps.actions.compare([baseline, run.key]) : undefined;
			}
			case "generateSummary":
				return options.summaries.generate(tracked.job.commitSha);
			case "stopSummary":
				return options.summaries.stop(tracked.job.commitSha);
			case "setAgentKey":
				return void vscode.commands.executeCommand(commandId("setAgentKey"));
			default:
				return assertNever(action);
		}
	}

	async #mend(index: number): Promise<void> {
		this.onUse();
		const tracked = this.#job();
		const scene = sceneOf(tracked, this.#surroundings(Date.now()));
		const disagreement = disagreementsOfJob(tracked, scene)[index];
		if (disagreement) await this.options.trainings.mend(tracked, disagreement);
	}

	/** Ages and what is asked for again and again, while somebody looks. */
	#changed(): void {
		clearTimeout(this.#timer);
		if (!this.panel.visible || this.isDisposed) return;
		const tracked = this.#tracked;
		if (this.panel.title !== jobTitleOf(tracked) && tracked) this.panel.title = jobTitleOf(tracked);
		if (tracked) void this.options.summaries.look(tracked.job.commitSha);
		if (tracked) this.#facts.look(tracked, this.options.runsOf(tracked)[0], Date.now());
		this.#timer = setTimeout(() => this.#changed(), tracked ? ageEveryMs(tracked) : newcomerMs);
		this.invalidate();
	}

	#job(): TrackedJob {
		const tracked = this.#tracked;
		if (tracked) return tracked;
		throw new GammaError("job.missing", "This job is no longer known: it was deleted, or its project is not shown.");
	}

	#inBackground(work: () => Promise<void>): void {
		work().catch((error: unknown) => this.options.report(error));
	}
}

/** The job whose page was open before a reload; undefined when the page kept no such thing. */
export function keptJob(kept: unknown): string | undefined {
	const parsed = jobPageKept.safeParse(kept);
	return parsed.success && parsed.data.id !== "" ? parsed.data.id : undefined;
}
