import * as vscode from "vscode";
import type { Job } from "../../../shared/relay/job";

export const logScheme = "gamma-log";

/** `gamma-log:/<job>/lr-sweep a1b2c3d.job.log`: the last part is the tab's name, and its ending the language `gamma-log`. */
export function jobLogUri(job: Job): vscode.Uri {
	const branch = job.branch.replace(/^models\//, "").replace(/[\\/:*?"<>|]+/g, "-");
	const attempt = job.attempt > 1 ? ` attempt ${job.attempt}` : "";
	const path = `/${job.id}/${branch} ${job.commitSha.slice(0, 7)}${attempt}.job.log`;
	return vscode.Uri.from({ scheme: logScheme, path });
}

/** The job of such an address; null for any other. */
export function parseJobLogUri(uri: vscode.Uri): string | null {
	if (uri.scheme !== logScheme) return null;
	return /^\/([A-Za-z0-9-]{1,64})\/[^/]+$/.exec(uri.path)?.[1] ?? null;
}
