import { views } from "../../core/contributions";
import { type Disposable, Owner } from "../../core/disposable";
import { once } from "../../core/once";
import { isEnd } from "../../shared/relay/job";
import { lazyCommands } from "../commands/lazyCommands";
import { LazyTree } from "../tree/lazyTree";
import type { InsightPorts } from "./insightPorts";
import type { Insights } from "./insights";
import type { InsightRow } from "./insightsTree";

export interface InsightDeskParts extends InsightPorts {
	readonly load: () => Promise<typeof import("./insights")>;
}

/** The view "Watch Rules" as it stands at the start. What watches is loaded once a run goes on, or the view is seen. */
export class InsightDesk extends Owner {
	readonly #tree = this.own(new LazyTree<InsightRow>(views.watch, async () => (await this.#insights()).tree));
	readonly #insights: () => Promise<Insights> = once(async () => {
		const { Insights } = await this.parts.load();
		return this.own(new Insights(this.parts, () => this.#tree.view.selection));
	});

	constructor(private readonly parts: InsightDeskParts) {
		super();
		const { model, jobs } = parts;
		const waiting: Disposable[] = [];
		const begin = (isGoing: boolean) => {
			if (!isGoing) return;
			for (const one of waiting) one.dispose();
			void this.#insights();
		};
		waiting.push(
			this.own(model.onDidChange(({ upserted }) => begin(upserted.some(({ status }) => status === "RUNNING")))),
			this.own(
				jobs.onDidChange(() =>
					begin([...jobs.snapshot.jobs.values()].some(({ source, job }) => source === "relay" && !isEnd(job.status))),
				),
			),
		);
	}

	commands() {
		return lazyCommands<ReturnType<Insights["commands"]>>(
			{
				addWatchRule: true,
				editWatchRule: true,
				removeWatchRule: true,
				explainInsight: true,
				fixInsight: true,
				openInsight: true,
			},
			async () => (await this.#insights()).commands(),
		);
	}
}
