import { type WhyKept, type WhyState, type whyCalls, whyKept } from "../../src/shared/panels/whyPanel";
import { PageSession } from "../common/pageSession";

export class WhySession extends PageSession<typeof whyCalls, WhyState, WhyKept> {
	#asked = false;

	protected parseKept(given: unknown): WhyKept {
		const kept = whyKept.safeParse(given);
		return kept.success ? kept.data : whyKept.parse({});
	}

	protected keptOf({ runs, metric }: WhyState, kept: WhyKept): WhyKept {
		if (!runs) {
			// A host that knows no runs has just been started again: it is told what was on the page.
			if (!this.#asked && kept.base !== "") {
				this.#asked = true;
				void this.host.call("setRuns", { base: kept.base, other: kept.other });
				if (kept.metric !== null) void this.host.call("chooseMetric", { metric: kept.metric });
			}
			return kept;
		}
		this.#asked = true;
		const [base, other] = [runs.base.key, runs.other.key];
		return kept.base === base && kept.other === other && kept.metric === metric
			? kept
			: { ...kept, base, other, metric };
	}
}
