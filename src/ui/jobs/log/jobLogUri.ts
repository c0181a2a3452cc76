import * as vscode from "vscode";
import type { Job } from "../../../shared/relay/job";

export const logScheme = "gamma-log";

/** `gamma-log:/<job>/lr-sweep a1b2c3d.job.log`: the first part is the job's id with every sign but letters, digits and `-` as `~xx`, the last part is the tab's name, and its ending the language `gamma-log`. */
export function jobLogUri(job: Job): vscode.Uri {
	const branch = job.branch.replace(/^models\//, "").replace(/[\\/:*?"<>|]+/g, "-");
	const attempt = job.attempt > 1 ? ` attempt ${job.attempt}` : "";
	const name = [branch, job.commitSha.slice(0, 7)].filter((word) => word !== "").join(" ");
	const path = `/${encode(job.id)}/${name}${attempt}.job.log`;
	return vscode.Uri.from({ scheme: logScheme, path });
}

/** The job of such an address; null for any other. */
export function parseJobLogUri(uri: vscode.Uri): string | null {
	if (uri.scheme !== logScheme) return null;
	const id = /^\/((?:[A-Za-z0-9-]|~[0-9a-f]{2}){1,2000})\/[^/]+$/.exec(uri.path)?.[1];
	return id === undefined ? null : decode(id);
}

/** An editor decodes and encodes addresses in more than one way: none of them touches these signs. */
function encode(id: string): string {
	const hex = (byte: number) => `~${byte.toString(16).padStart(2, "0")}`;
	return id.replace(/[^A-Za-z0-9-]/gu, (sign) => [...new TextEncoder().encode(sign)].map(hex).join(""));
}

function decode(id: string): string | null {
	try {
		return decodeURIComponent(id.replaceAll("~", "%"));
	} catch {
		return null;
	}
}
