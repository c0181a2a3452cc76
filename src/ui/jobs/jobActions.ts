import type { RunChange } from "../../core/jobs/workflowJobs";

/** What the parts of the editor may ask to be done with a job, by its id (a row, the status bar, a notice, the job page). */
export interface JobActions {
	/** Its page, as a tab that stays. */
	openJob(id: string): void;
	/** Its page as one click on a row shows it: the focus stays in the list. */
	previewJob(id: string): void;
	/** Its log as an editor tab, at its first error or, while it runs, at its end. */
	openLog(id: string): void;
	/** Asks first, and says what is lost: the steps since the last checkpoint. */
	stop(id: string): Promise<void>;
	/** A new attempt of the same commit. */
	retry(id: string): Promise<void>;
	/** A new attempt with params that the person types in. */
	rerunWithParams(id: string): Promise<void>;
	/** Of its run at GitHub: again, only what failed again, or no more. */
	changeWorkflow(id: string, change: RunChange): Promise<void>;
	openOnForge(id: string): void;
}
