import * as vscode from "vscode";
import type { JobScene } from "../../core/jobs/describeJob";
import { jobTooltip } from "../../core/jobs/jobTooltip";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { SummaryState } from "../../core/summaries/commitSummary";

/** What is told of a job while the mouse rests on its row. */
export function jobTooltipOf(
	tracked: TrackedJob,
	scene: JobScene & { readonly summary: SummaryState | null },
): vscode.MarkdownString {
	const markdown = new vscode.MarkdownString(jobTooltip(tracked, scene), false);
	markdown.isTrusted = false;
	markdown.supportHtml = false;
	return markdown;
}
