import {
	type JobPageAction,
	type JobPageKept,
	type JobPageState,
	type jobCalls,
	jobPageKept,
} from "../../src/shared/panels/jobPanel";
import { PageSession } from "../common/pageSession";

export class JobSession extends PageSession<typeof jobCalls, JobPageState, JobPageKept> {
	act(action: JobPageAction): void {
		void this.host.call("act", { action });
	}

	protected parseKept(given: unknown): JobPageKept {
		const kept = jobPageKept.safeParse(given);
		return kept.success ? kept.data : jobPageKept.parse({ id: "" });
	}

	protected keptOf({ id }: JobPageState, kept: JobPageKept): JobPageKept {
		return kept.id === id ? kept : { ...kept, id };
	}
}
