import { Owner } from "../../core/disposable";
import type { WatchedView } from "../jobs/jobsAttention";
import { jobTitleOf } from "./jobPageTitle";
import type { JobPanel } from "./jobPanel";
import type { JobPanelOptions } from "./jobPanelOptions";
import type { LoadPanels } from "./loadPanels";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";

/** The pages of jobs, one per job; a page comes back after a reload (for `gamma.openJob`). */
export class JobPanels extends Owner {
	readonly #slots: PanelSlots<JobPanel>;

	constructor(
		deps: PanelDeps,
		load: LoadPanels,
		private readonly options: JobPanelOptions,
	) {
		super();
		this.#slots = this.own(
			new PanelSlots("gamma.job", deps.logger, async () => {
				const { JobPanel, keptJob } = await load();
				return {
					make: (panel, id) => new JobPanel(panel, id, deps, options, () => this.#slots.keep(id)),
					subjectOf: keptJob,
				};
			}),
		);
	}

	/** Whether any page can be seen. */
	get seen(): WatchedView {
		return this.#slots;
	}

	/** The job whose page is in front. */
	get shown(): string | undefined {
		return this.#slots.all.find(({ isActive }) => isActive)?.id;
	}

	open(id: string): void {
		this.#slots.open(this.#title(id), undefined, id);
	}

	preview(id: string): void {
		this.#slots.preview(this.#title(id), id);
	}

	#title(id: string): string {
		return jobTitleOf(this.options.jobs.snapshot.jobs.get(id));
	}
}
