import { isSecretPath } from "../../core/agent/context/secrets";
import type { GitHistory } from "../../core/agent/sources";
import type { GitCommand } from "../git/gitCommand";

const mostBytes = 1_000_000;

/** Git in words, read-only: no external diff, no text conversion, no filter of the repository's own is run. */
export class GitWords implements GitHistory {
	constructor(private readonly command: GitCommand) {}

	log(path: string | null, limit: number, signal?: AbortSignal): Promise<string> {
		const format = "--format=%h %cs %an: %s";
		return this.#text(["log", `-n${limit}`, format, "--end-of-options", "HEAD", "--", ...(path ? [path] : [])], signal);
	}

	async diff(base: string, other: string | null, path: string | null, signal?: AbortSignal): Promise<string> {
		const options = ["--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short"];
		const commits = [await this.#commit(base, signal), ...(other === null ? [] : [await this.#commit(other, signal)])];
		const between = ["--end-of-options", ...commits, "--"];
		const names = await this.#text(
			["diff", ...options, "--name-only", "-z", ...between, ...(path ? [path] : [])],
			signal,
		);
		const shown = names.split("\0").filter((name) => name !== "" && !isSecretPath(name));
		const hidden = names.split("\0").filter((name) => name !== "" && isSecretPath(name));
		const note = hidden.length > 0 ? `\n(left out, as files of secrets: ${hidden.join(", ")})` : "";
		if (shown.length === 0) return `(no difference)${note}`;
		return (await this.#text(["diff", ...options, ...between, ...shown], signal)) + note;
	}

	blame(path: string, fromLine: number, toLine: number, signal?: AbortSignal): Promise<string> {
		return this.#text(["blame", "--no-textconv", "--date=short", `-L${fromLine},${toLine}`, "--", path], signal);
	}

	async #commit(name: string, signal?: AbortSignal): Promise<string> {
		const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
		return (await this.command.text(args, { signal })).trim();
	}

	#text(args: readonly string[], signal?: AbortSignal): Promise<string> {
		return this.command.text(args, { signal, maxBytes: 16 * mostBytes }).then((text) => text.slice(0, mostBytes));
	}
}
