import type { CommitLine } from "../../core/git/gitRepository";
import type { GitCommand } from "./gitCommand";

/** What a list says of these commits, in one process however many there are; what is no sha of this repository is left out. */
export async function readCommitLines(
	command: GitCommand,
	shas: readonly string[],
	signal?: AbortSignal,
): Promise<ReadonlyMap<string, CommitLine>> {
	const wanted = [...new Set(shas)].filter((sha) => /^[0-9a-f]{40,64}$/.test(sha));
	if (wanted.length === 0) return new Map();
	const own = await command.run(["config", "--get", "user.email"], { signal, expected: [1] });
	const ownEmail = own.stdout.toString("utf8").trim();
	const format = "--format=%H%x00%an%x00%ae%x00%ct%x00%s";
	const output = await command.text(
		["log", "--no-walk=unsorted", "--ignore-missing", "--encoding=UTF-8", "--no-color", format, "--stdin"],
		{ signal, input: `${wanted.join("\n")}\n` },
	);
	return new Map(
		output.split("\n").flatMap((line): [string, CommitLine][] => {
			const [sha = "", author = "", email = "", seconds = "", subject = ""] = line.split("\0");
			if (sha === "") return [];
			const isOwn = ownEmail !== "" && email === ownEmail;
			return [[sha, { subject, author, isOwn, committedMs: Number(seconds) * 1000 }]];
		}),
	);
}
