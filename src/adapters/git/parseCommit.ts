import type { Commit } from "../../core/git/gitRepository";

/**
 * A commit from its raw object (`git cat-file commit`): header lines, an empty line, the message.
 * Raw, because a shallow clone's own log hides the parents it does not have.
 */
export function parseCommit(sha: string, raw: Uint8Array): Commit {
	const latin = Buffer.from(raw).toString("latin1");
	const end = latin.indexOf("\n\n");
	const headers = (end < 0 ? latin : latin.slice(0, end)).split("\n");
	const of = (name: string) =>
		headers.filter((line) => line.startsWith(`${name} `)).map((l) => l.slice(name.length + 1));
	const decode = decoderFor(of("encoding")[0]);
	const author = /^(.*?) ?<[^>]*> (-?\d+)/.exec(of("author")[0] ?? "");
	const message = end < 0 ? "" : latin.slice(end + 2);
	return {
		sha,
		parents: of("parent"),
		subject: decode(message.trimStart().split("\n")[0] ?? "").trim(),
		author: decode(author?.[1] ?? ""),
		dateMs: Number(author?.[2] ?? 0) * 1000,
	};
}

/** From bytes held as Latin-1 to text, in the commit's own encoding; UTF-8 where it names none or one unknown. */
function decoderFor(encoding: string | undefined): (latin: string) => string {
	const decoder = knownDecoder(encoding ?? "utf-8") ?? new TextDecoder();
	return (latin) => decoder.decode(Buffer.from(latin, "latin1"));
}

function knownDecoder(encoding: string) {
	try {
		return new TextDecoder(encoding);
	} catch {
		return null;
	}
}
