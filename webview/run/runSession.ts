import {
	type RunPageAction,
	type RunPageKept,
	type RunPageState,
	type runCalls,
	runPageKept,
} from "../../src/shared/panels/runPanel";
import { PageSession } from "../common/pageSession";

export class RunSession extends PageSession<typeof runCalls, RunPageState, RunPageKept> {
	act(action: RunPageAction): void {
		void this.host.call("act", { action });
	}

	protected parseKept(given: unknown): RunPageKept {
		const kept = runPageKept.safeParse(given);
		return kept.success ? kept.data : runPageKept.parse({ key: "" });
	}

	protected keptOf({ key }: RunPageState, kept: RunPageKept): RunPageKept {
		return kept.key === key ? kept : { ...kept, key };
	}
}
