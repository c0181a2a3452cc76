import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import type { Watched } from "../../core/insights/insight";
import type { Mention } from "../../shared/agent/conversation";
import type { InsightPorts } from "./insightPorts";

/** Steps before and after, that the agent is shown. */
const around = 200;

export interface Noticed {
	readonly of: Watched;
	readonly sentence: string;
	readonly metric: string | null;
	readonly step: number | null;
	/** A line of the log said so. */
	readonly isOfLog: boolean;
}

/** Puts what was noticed to the agent, in the chat, with the run, the window around the step and what the log says last. */
export async function askAgent(
	intent: "explain" | "fix",
	{ of, sentence, metric, step, isOfLog }: Noticed,
	ports: Pick<InsightPorts, "model" | "jobOf" | "ask">,
): Promise<void> {
	const run = of.run === null ? undefined : ports.model.snapshot.runs.get(of.run);
	const jobId = of.jobId ?? (run ? ports.jobOf(run)?.job.id : undefined) ?? null;
	const mentions: Mention[] = run ? [{ kind: "run", key: run.key, name: run.name }] : [];
	if (run && metric !== null && step !== null) {
		mentions.push({ kind: "metric", metric, runKey: run.key, fromStep: step - around, toStep: step + around });
	}
	if (jobId !== null) mentions.push({ kind: isOfLog ? "jobError" : "job", id: jobId });
	const text =
		intent === "explain"
			? vscode.l10n.t("Why? {0}", sentence)
			: vscode.l10n.t("Find the cause in the code and propose an edit that fixes it: {0}", sentence);
	await vscode.commands.executeCommand(commandId("openAgent"));
	await ports.ask({ text, mentions, images: [] });
}
