import { type ViewerKept, type ViewerState, type viewerCalls, viewerKept } from "../../src/shared/panels/viewerPanel";
import { PageSession } from "../common/pageSession";

export class ViewerSession extends PageSession<typeof viewerCalls, ViewerState, ViewerKept> {
	protected parseKept(given: unknown): ViewerKept {
		const kept = viewerKept.safeParse(given);
		return kept.success ? kept.data : viewerKept.parse({});
	}

	protected keptOf({ uri, subject }: ViewerState, kept: ViewerKept): ViewerKept {
		return kept.uri === uri && kept.subject === subject ? kept : { ...kept, uri, subject };
	}
}
