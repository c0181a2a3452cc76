import type { Relay } from "../relay/relay";
import type { CommitSummary, SummaryStore } from "./commitSummary";

/** A project's summaries at its relay, which all of its members see. Rejects as `Relay` does. */
export class RelaySummaries implements SummaryStore {
	constructor(
		private readonly relay: Pick<Relay, "summary" | "keepSummary">,
		private readonly projectId: string,
	) {}

	async read(sha: string, signal: AbortSignal): Promise<CommitSummary | null> {
		const kept = await this.relay.summary(this.projectId, sha, signal);
		if (!kept) return null;
		const { summary, createdAt, ...rest } = kept;
		return { sha, text: summary, atMs: Date.parse(createdAt), ...rest };
	}

	async write({ sha, text, model, diffHash }: CommitSummary): Promise<void> {
		await this.relay.keepSummary(this.projectId, sha, { summary: text, model, diffHash });
	}
}
