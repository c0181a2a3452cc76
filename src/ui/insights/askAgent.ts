import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import type { Watched } from "../../core/insights/insight";
import { mentionsOf, type NoticedPlace } from "../../core/insights/mentionsOf";
import type { InsightPorts } from "./insightPorts";

export interface Noticed extends NoticedPlace {
	readonly of: Watched;
	readonly sentence: string;
}

/** Puts what was noticed to the agent, in the chat, with the run, the window around the step and what the log says last. */
export async function askAgent(
	intent: "explain" | "fix",
	noticed: Noticed,
	ports: Pick<InsightPorts, "model" | "jobOf" | "ask">,
): Promise<void> {
	const { of, sentence } = noticed;
	const run = of.run === null ? undefined : ports.model.snapshot.runs.get(of.run);
	const jobId = of.jobId ?? (run ? ports.jobOf(run)?.job.id : undefined) ?? null;
	const mentions = [...mentionsOf(noticed, run, jobId)];
	const text =
		intent === "explain"
			? vscode.l10n.t("Why? {0}", sentence)
			: vscode.l10n.t("Find the cause in the code and propose an edit that fixes it: {0}", sentence);
	await vscode.commands.executeCommand(commandId("openAgent"));
	await ports.ask({ text, mentions, images: [] });
}
