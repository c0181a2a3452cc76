/** A file of its own (dist/trainings.cjs): SageMaker's part of the jobs, loaded when they are first looked at. */
import * as vscode from "vscode";
import { Owner } from "../../../core/disposable";
import { Emitter } from "../../../core/emitter";
import { chooseForge } from "../../../core/git/forgeAddress";
import type { JobJoiner } from "../../../core/jobs/jobModel";
import type { TrackedJob } from "../../../core/jobs/trackedJob";
import type { Attention } from "../../../core/jobs/workflowWatch";
import { nameOfClone, problemOfTrainingName } from "../../../core/mmp/trainingName";
import { defaultTrainSettings } from "../../../core/mmp/trainSettings";
import { awsDoors } from "../../../core/sagemaker/awsDoor";
import type { ProjectTrainings } from "../../../core/sagemaker/belongs";
import { type CheckpointInput, toCheckpointInput } from "../../../core/sagemaker/checkpointInput";
import type { CloneWish } from "../../../core/sagemaker/cloneWish";
import { joinTrainings } from "../../../core/sagemaker/joinTrainings";
import { SagemakerWatch } from "../../../core/sagemaker/sagemakerWatch";
import { consoleUrl, endReason, type Training } from "../../../core/sagemaker/training";
import type { Disagreement } from "../../../core/sagemaker/trueStatus";
import { GammaError } from "../../../shared/errors";
import { askParams } from "../askParams";
import { readTrainSettings } from "./readTrainSettings";
import type { TrainingService, TrainingsParts } from "./trainingPorts";
import { TrainingPrices } from "./trainingPrices";

/** A log's age is asked for again after so long, while a page shows it. */
const logEveryMs = 30_000;

/** The trainings of this window's project: watched, joined to its jobs, stopped, copied, and their ends told to others. */
export class Trainings extends Owner {
	readonly #watch: SagemakerWatch;
	#service: { readonly choice: unknown; readonly made: Promise<TrainingService> } | null = null;
	readonly #lines = new Map<string, { subject: string; author: string; isOwn: boolean } | null>();
	readonly #logs = new Map<string, { readonly askedMs: number; lastMs: number | null }>();
	/** Something says that this project trains in SageMaker. */
	#trains = false;
	readonly #joined = this.own(new Emitter<void>());
	readonly #prices: TrainingPrices;
	readonly #end = new AbortController();

	constructor(private readonly parts: TrainingsParts) {
		super();
		this.own({ dispose: () => this.#end.abort() });
		const { access } = parts;
		this.#watch = this.own(
			new SagemakerWatch({
				access,
				attention: this.own(new ViewAttention(parts)),
				reader: () => this.service(),
				project: () => this.#project(),
			}),
		);
		this.own(this.#watch.onDidChange(() => void this.#readLines()));
		// The clone is found, and a relay's jobs are told, later than the first question.
		this.own(
			parts.repository.onDidChange(() => {
				if (!this.#trains) this.#watch.refresh();
			}),
		);
		this.own(
			parts.jobs.onDidChange(() => {
				if (!this.#trains && this.#names().size > 0) this.#watch.refresh();
			}),
		);
		this.#prices = this.own(new TrainingPrices(parts.prices));
		this.own(this.#prices.onDidChange(() => this.#joined.fire()));
		const joiner: JobJoiner = {
			join: (jobs) => joinTrainings(jobs, this.#priced(), (sha) => this.#lines.get(sha) ?? undefined),
			get doors() {
				return doors();
			},
			onDidChange: this.#joined.event,
		};
		const doors = () => awsDoors(access.state, this.#watch.state.problem);
		parts.jobs.joinWith(joiner);
	}

	/** The client of the account that is chosen now. */
	service(): Promise<TrainingService> {
		const { choice } = this.parts.access;
		if (this.#service?.choice !== choice) this.#service = { choice, made: this.parts.connect(choice) };
		return this.#service.made;
	}

	refresh(): void {
		if (!this.parts.access.mayAsk) this.parts.access.retry();
		else this.#watch.refresh();
	}

	async stop({ name }: Pick<Training, "name">): Promise<void> {
		await (await this.service()).stop(name);
		this.#watch.refresh();
	}

	/** Asks for what is to be other, then for the name; nothing is begun until both are said. */
	async clone(tracked: TrackedJob): Promise<void> {
		const training = demandTraining(tracked);
		const title = vscode.l10n.t("Clone {0}", training.name);
		// What it was not given, but its run logged, may be other in the copy too.
		const logged = this.parts.runsOf(tracked.job.id)[0]?.params;
		const changes = await askParams(title, { ...logged, ...training.params });
		if (!changes) return;
		await this.#begin(training, title, Object.fromEntries(changes.map(({ name, after }) => [name, after])));
	}

	/** Begins a copy that finds the checkpoint among its inputs, and its path there in this hyperparameter. */
	async continueFrom(tracked: TrackedJob, from: { uri: string; isFolder: boolean }, param: string): Promise<void> {
		const training = demandTraining(tracked);
		const checkpoint = toCheckpointInput(from.uri, from.isFolder);
		const title = vscode.l10n.t("Continue {0} from {1}", training.name, checkpoint.uri);
		await this.#begin(training, title, { [param]: checkpoint.path }, checkpoint);
	}

	async #begin(
		training: Training,
		title: string,
		params: CloneWish["params"],
		checkpoint?: CheckpointInput,
	): Promise<void> {
		const machines = `${training.instanceCount} × ${training.instanceType ?? ""}`;
		const newName = await vscode.window.showInputBox({
			title,
			prompt: vscode.l10n.t("Name of the new training. Enter begins it on {0}.", machines),
			value: nameOfClone(training.name, Date.now().toString(36)),
			validateInput: (text) => problemOfTrainingName(text) ?? null,
		});
		if (newName === undefined) return;
		await (await this.service()).clone(training.name, { newName, params, ...(checkpoint && { checkpoint }) });
		this.#watch.refresh();
		void vscode.window.showInformationMessage(vscode.l10n.t("{0} has begun in SageMaker.", newName));
	}

	async openInConsole(tracked: TrackedJob): Promise<void> {
		const url = consoleUrl(demandTraining(tracked));
		if (url === null) throw new GammaError("job.missing", "SageMaker named no region of this training.");
		await vscode.env.openExternal(vscode.Uri.parse(url, true));
	}

	/** When its log grew last, as far as it was asked; asks again where that was long ago. */
	lastLogMs({ name }: Pick<Training, "name">, onDidRead: () => void): number | null {
		const known = this.#logs.get(name);
		if (this.parts.access.mayAsk && (!known || Date.now() - known.askedMs > logEveryMs)) {
			const asked = { askedMs: Date.now(), lastMs: known?.lastMs ?? null };
			this.#logs.set(name, asked);
			void this.service()
				.then((service) => service.lastLogMs(name, this.#end.signal))
				.then(
					(lastMs) => {
						asked.lastMs = lastMs;
						if (lastMs !== (known?.lastMs ?? null)) onDidRead();
					},
					(error: unknown) => this.parts.access.failed(error),
				);
		}
		return known?.lastMs ?? null;
	}

	/** Writes what the one witness does not know yet; what only a person can do is not done here. */
	async mend(tracked: TrackedJob, { mend }: Disagreement): Promise<void> {
		const { relay, runsOf, storeUri, endRun, jobs } = this.parts;
		if (mend.kind === "byHand") return;
		if (mend.kind === "endJob") {
			const connected = relay();
			if (!connected) throw new GammaError("relay.unreachable", "No relay is connected just now: try again later.");
			const reason = tracked.training ? endReason(tracked.training) : null;
			await connected.changeJob(tracked.job.id, { status: mend.status, reason });
			return;
		}
		const [run] = runsOf(tracked.job.id);
		const store = run && storeUri(run.storeId);
		if (!run || !store?.isServer || !jobs.job(tracked.job.id)) {
			throw new GammaError("run.missing", "The run is not in an open MLflow server any more.");
		}
		await endRun(store.uri, run.id, mend.status);
	}

	#priced(): readonly Training[] {
		return [...this.#watch.trainings.values()].map((each) => ({ ...each, price: this.#prices.priceOf(each) }));
	}

	async #project(): Promise<ProjectTrainings | null> {
		const project = await this.#findProject();
		this.#trains = project !== null;
		return project;
	}

	/** What a relay, or nobody yet, says that SageMaker trains. */
	#names(): ReadonlySet<string> {
		const all = [...this.parts.jobs.snapshot.jobs.values()];
		return new Set(
			all.flatMap(({ job, source, training }) => (source === "relay" || !training ? (job.sagemakerJobName ?? []) : [])),
		);
	}

	async #findProject(): Promise<ProjectTrainings | null> {
		const { access, repository } = this.parts;
		const names = this.#names();
		const git = repository.git;
		const settings = git ? await readTrainSettings(vscode.Uri.file(git.root)) : defaultTrainSettings;
		const { profile, region, endpoint } = access.choice;
		const isChosen = [profile, region, endpoint].some((each) => each !== null);
		const trains = settings.sagemaker.role !== null || settings.sagemaker.bucket !== null;
		if (!git || (!isChosen && !trains && names.size === 0)) return null;
		const forge = chooseForge(await git.remotes(this.#end.signal));
		const folder = git.root.split(/[\\/]/).at(-1) ?? "";
		return { project: forge?.repository ?? folder, role: settings.sagemaker.role, names };
	}

	/** Subjects and authors of commits that only a training names. */
	async #readLines(): Promise<void> {
		const shas = [...this.#watch.trainings.values()].flatMap(({ tags, environment }) => {
			const sha = (tags["gamma:commit"] ?? environment.GAMMA_COMMIT ?? "").toLowerCase();
			return /^[0-9a-f]{40,64}$/.test(sha) && !this.#lines.has(sha) ? [sha] : [];
		});
		if (shas.length > 0) {
			const lines = await this.parts.repository.git?.commitLines(shas, this.#end.signal).catch(() => null);
			for (const sha of shas) this.#lines.set(sha, lines?.get(sha) ?? null);
		}
		if (!this.isDisposed) this.#joined.fire();
	}
}

function demandTraining({ training }: TrackedJob): Training {
	if (training) return training;
	throw new GammaError("job.missing", "SageMaker has told nothing of this job yet.");
}

/** Paid while what shows trainings can be seen in a window that has the focus. */
class ViewAttention extends Owner implements Attention {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: Pick<TrainingsParts, "view">) {
		super();
		this.own(parts.view.onDidChangeVisibility(() => this.#changed.fire()));
		this.own(vscode.window.onDidChangeWindowState(() => this.#changed.fire()));
	}

	get isPaid(): boolean {
		return this.parts.view.isVisible && vscode.window.state.focused && vscode.workspace.isTrusted;
	}
}
