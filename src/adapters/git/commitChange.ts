import { isSecretPath } from "../../core/agent/context/secrets";
import { textHash } from "../../core/edits/lines";
import type { CommitChange } from "../../core/summaries/commitSummary";
import type { GitCommand } from "./gitCommand";

const mostBytes = 16_000_000;
/** What a summary could be written of; the budget of tokens cuts finer. */
const mostChars = 400_000;
/** A command line takes no more. */
const mostPaths = 1_000;

/**
 * What a commit changed against its first parent, or against nothing where it has none that is here (a shallow clone). By
 * `diff-tree`, which follows none of the person's settings for diffs. Null where the repository does not have the commit;
 * rejects with `git.failed` or `call.cancelled`.
 */
export async function readCommitChange(
	command: GitCommand,
	name: string,
	signal?: AbortSignal,
): Promise<CommitChange | null> {
	const sha = await commitOf(command, name, signal);
	if (sha === null) return null;
	const parent = await commitOf(command, `${sha}^1`, signal);
	const between = parent === null ? ["--root", sha] : [parent, sha];
	const tree = (options: readonly string[], paths: readonly string[] = []) =>
		command.text(["diff-tree", "-r", "--no-commit-id", ...options, ...between, "--", ...paths], {
			signal,
			maxBytes: mostBytes,
		});
	const raw = await tree(["--raw", "--no-abbrev", "--no-renames"]);
	const names = (await tree(["--name-only", "-z", "--no-renames"])).split("\0").filter(Boolean);
	const shown = names.filter((path) => !isSecretPath(path));
	const hidden = names.filter(isSecretPath);
	const note = hidden.length > 0 ? `\n(left out, as files of secrets: ${hidden.join(", ")})` : "";
	const options = ["-p", "-M", "--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short"];
	const paths = hidden.length === 0 ? [] : shown.slice(0, mostPaths);
	const diff = shown.length === 0 ? "(no difference)" : (await tree(options, paths)).slice(0, mostChars);
	const message = await command.text(["log", "-1", "--format=%B", "--end-of-options", sha], { signal });
	return { sha, message: message.trim(), diff: diff + note, diffHash: textHash(raw) };
}

async function commitOf(command: GitCommand, name: string, signal?: AbortSignal): Promise<string | null> {
	const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
	const { code, stdout } = await command.run(args, { expected: [1, 128], signal });
	return code === 0 ? stdout.toString("utf8").trim() : null;
}
