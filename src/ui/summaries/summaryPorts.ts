import type * as vscode from "vscode";
import type { Event } from "../../core/emitter";
import type { JobSource, TrackedJob } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { CommitChange, SummaryState } from "../../core/summaries/commitSummary";
import type { ClaudeAdapter } from "../agent/claudeAccess";
import type { Repository } from "../repository";

/** Summaries as whatever shows them asks for them. */
export interface CommitSummaries {
	readonly onDidChange: Event<{ readonly sha: string }>;
	/** Null until it was looked at. */
	of(sha: string): SummaryState | null;
	/** Reads what is kept. Never rejects, and asks no model. */
	look(sha: string): Promise<void>;
	/** Has it written. Never rejects: a failure is a state. */
	generate(sha: string): Promise<void>;
	stop(sha: string): void;
}

export interface SummaryPorts {
	readonly context: vscode.ExtensionContext;
	readonly load: () => Promise<
		ClaudeAdapter & {
			changesOf(
				folder: string,
				gitPath: string,
			): Promise<((sha: string, signal: AbortSignal) => Promise<CommitChange | null>) | null>;
		}
	>;
	readonly repository: Repository;
	readonly jobs: JobSource;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	readonly relayAccess: RelayAccess;
	/** The job of a row of the jobs view, as menus hand it over. */
	readonly jobOfRow: (row: unknown) => TrackedJob | undefined;
	readonly openJob: (id: string) => void;
	readonly logger: Logger;
}
