import type { JobChoices } from "../../core/jobs/jobChoices";
import type { JobActions } from "./jobActions";

/** The same actions, by which a failure that is opened counts as seen. */
export function seenActions(actions: JobActions, choices: JobChoices): JobActions {
	const see =
		(open: (id: string) => void) =>
		(id: string): void => {
			choices.setUnseenFailure(id, false);
			open(id);
		};
	return {
		openJob: see((id) => actions.openJob(id)),
		previewJob: see((id) => actions.previewJob(id)),
		openLog: see((id) => actions.openLog(id)),
		stop: (id) => actions.stop(id),
		retry: (id) => actions.retry(id),
		rerunWithParams: (id) => actions.rerunWithParams(id),
		changeWorkflow: (id, change) => actions.changeWorkflow(id, change),
		openOnForge: (id) => actions.openOnForge(id),
	};
}
