import { execFile } from "node:child_process";
import { isAbsolute } from "node:path";
import { GammaError } from "../../shared/errors";

/** No hook, no file system monitor, no external diff, no pager: a repository's own settings start no program on a read. */
const safeSettings = [
	"--no-pager",
	"--no-optional-locks",
	"--literal-pathspecs",
	...["core.fsmonitor=false", "diff.external=", "log.showSignature=false"].flatMap((setting) => ["-c", setting]),
];
const withoutHooks = ["-c", "core.hooksPath=/dev/null"];

/** More than any listing Gamma asks for; a file is asked for with its own bound. */
const defaultMaxBytes = 64 * 1024 * 1024;

export interface GitRun {
	readonly signal?: AbortSignal | undefined;
	readonly maxBytes?: number;
	/** Written to the command's standard input. */
	readonly input?: string | Uint8Array;
	/** An index of its own, in place of the repository's; absolute. */
	readonly indexFile?: string;
	/** What a person asked for that git runs hooks around: a commit, a push. */
	readonly runsHooks?: boolean;
	/** Exit codes that are an answer and no failure, beside 0. */
	readonly expected?: readonly number[];
}

export interface GitOutput {
	readonly code: number;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/**
 * Runs one git program in one folder: no shell, no terminal, bounded output.
 * The folder is given with `-C`: with it as the working directory, Windows would look for `git.exe` there first.
 */
export class GitCommand {
	constructor(
		readonly gitPath: string,
		readonly folder: string,
	) {
		if (!isAbsolute(folder)) throw new GammaError("git.failed", `${JSON.stringify(folder)} is not an absolute folder.`);
	}

	/** Rejects with `git.missing`, `git.failed` (an exit code that was not expected) or `call.cancelled`. */
	run(args: readonly string[], options: GitRun = {}): Promise<GitOutput> {
		const { signal, maxBytes = defaultMaxBytes, input = "", expected = [], indexFile, runsHooks = false } = options;
		const env = { ...environment(), ...(indexFile !== undefined && { GIT_INDEX_FILE: indexFile }) };
		const settings = [...safeSettings, ...(runsHooks ? [] : withoutHooks)];
		return new Promise((resolve, reject) => {
			const child = execFile(
				this.gitPath,
				["-C", this.folder, ...settings, ...args],
				{ encoding: "buffer", env, maxBuffer: maxBytes, windowsHide: true, ...(signal && { signal }) },
				(error, stdout, stderr) => {
					const said = stderr.toString("utf8").trim();
					if (!error) return resolve({ code: 0, stdout, stderr: said });
					if (typeof error.code === "number" && expected.includes(error.code)) {
						return resolve({ code: error.code, stdout, stderr: said });
					}
					reject(this.#toFailure(error, args[0] ?? "", said));
				},
			);
			// A git that ends before it has read its input is judged by its exit code.
			child.stdin?.on("error", () => {});
			child.stdin?.end(input);
		});
	}

	async text(args: readonly string[], options: GitRun = {}): Promise<string> {
		return (await this.run(args, options)).stdout.toString("utf8");
	}

	#toFailure(error: Error & { code?: unknown }, verb: string, said: string): GammaError {
		if (error.name === "AbortError") return new GammaError("call.cancelled", `git ${verb} was cancelled.`);
		if (error.code === "ENOENT" || error.code === "EACCES") {
			return new GammaError("git.missing", `There is no git at ${this.gitPath}: install git, or set git.path.`);
		}
		if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
			return new GammaError("git.failed", `git ${verb} gave more than Gamma reads at once.`);
		}
		const reason = firstLine(said) || error.message;
		return new GammaError("git.failed", `git ${verb} failed in ${this.folder}: ${reason}`, { cause: error });
	}
}

function firstLine(text: string): string {
	return (text.split("\n")[0] ?? "").replace(/^(fatal|error): /, "");
}

/** The repository is the folder's, whatever a calling hook has set; messages in English; nothing asks on a terminal. */
function environment(): NodeJS.ProcessEnv {
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX)$/.test(name)),
	);
	return { ...env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_NO_REPLACE_OBJECTS: "1", LC_ALL: "C" };
}
