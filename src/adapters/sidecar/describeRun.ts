import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { basename, extname, resolve } from "node:path";
import type { NewRun } from "../../core/sidecar/recordedRun";
import { findRepository } from "../git/gitCli";

const longestTag = 5000;
const secretFlag = /^--?[\w-]*(token|password|passwd|secret|api-?_?key|credential)[\w-]*/i;

/** What MLflow's own client would say of a run that this command starts, here and now. */
export async function describeRun(
	command: readonly string[],
	folder: string,
	options: { readonly name: string | undefined; readonly experimentName: string },
): Promise<NewRun> {
	const startTimeMs = Date.now();
	const user = process.env.MLFLOW_TRACKING_USERNAME || userName();
	const source =
		command.slice(1).find((word) => !word.startsWith("-") && existsSync(resolve(folder, word))) ?? command[0] ?? "";
	const title = basename(source, extname(source)) || "run";
	const name = options.name ?? `${title}-${startTimeMs.toString(36)}`;
	const git = await headOf(folder);
	return {
		name,
		experimentName: options.experimentName,
		startTimeMs,
		user,
		tags: {
			"mlflow.user": user,
			"mlflow.source.name": source,
			"mlflow.source.type": "LOCAL",
			"mlflow.runName": name,
			"gamma.command": commandLine(command).slice(0, longestTag),
			...(git !== null && { "mlflow.source.git.commit": git.commit }),
			...(git?.branch != null && { "mlflow.source.git.branch": git.branch }),
		},
	};
}

/** Quoted where a shell would need it; what a flag calls a secret is left out. */
export function commandLine(command: readonly string[]): string {
	return command
		.map((word, at) => {
			const flag = secretFlag.exec(word);
			if (flag !== null && word.includes("=")) return `${word.slice(0, word.indexOf("="))}=***`;
			if (secretFlag.test(command[at - 1] ?? "") && !(command[at - 1] ?? "").includes("=")) return "***";
			return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
		})
		.join(" ");
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		// A container's user may have no name.
		return process.env.USER ?? "unknown";
	}
}

async function headOf(folder: string): Promise<{ commit: string; branch: string | null } | null> {
	try {
		return (await (await findRepository(folder, "git"))?.head()) ?? null;
	} catch {
		return null;
	}
}
