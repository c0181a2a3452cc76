// The demo remote's post-receive hook: tells the demo's relay of each push, with what GitHub's own webhook says of it,
// signed as GitHub signs. Git gives one line `old new ref` for each branch; the relay's address lies beside the repository.
import { spawnSync } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const none = /^0+$/;
/** GitHub names no more in one delivery. */
const mostCommits = 2048;

const folder = process.cwd();
const { url, secret, repository } = JSON.parse(readFileSync(join(folder, "gamma-relay.json"), "utf8"));
const lines = readFileSync(0, "utf8").trim().split("\n");
for (const [before, after, ref] of lines.map((line) => line.split(" "))) await tell(before, after, ref);

async function tell(before, after, ref) {
	const body = JSON.stringify(pushOf(before, after, ref));
	const headers = {
		"content-type": "application/json",
		"user-agent": "GitHub-Hookshot/gamma-demo",
		"x-github-event": "push",
		"x-github-delivery": randomUUID(),
		"x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
	};
	try {
		const signal = AbortSignal.timeout(10_000);
		const response = await fetch(`${url}/api/webhooks/github`, { method: "POST", headers, body, signal });
		if (response.ok) say(`${ref.replace("refs/heads/", "")} is with the relay`);
		else say(`the relay did not take the push (${response.status}): ${await response.text()}`);
	} catch (error) {
		const reason = error.cause?.code ?? error.name;
		say(`the relay is not running (${reason}), so this trains nothing: call npm start, then push a further commit`);
	}
}

/** As GitHub describes it: https://docs.github.com/webhooks/webhook-events-and-payloads#push */
function pushOf(before, after, ref) {
	const deleted = none.test(after);
	const created = none.test(before);
	const commits = deleted ? [] : commitsOf(created ? [after, "--not", ...otherTips(ref)] : [`${before}..${after}`]);
	const head = deleted ? null : (commits.at(-1) ?? commitOf(after));
	const [owner, name] = repository.split("/");
	const html = `https://github.invalid/${repository}`;
	const pusher = { name: head?.committer.name ?? owner, email: head?.committer.email ?? null };
	return {
		ref,
		before,
		after,
		repository: {
			id: 1,
			name,
			full_name: repository,
			private: true,
			owner: { name: owner, login: owner, id: 1 },
			html_url: html,
			url: html,
			default_branch: "main",
			pushed_at: Math.floor(Date.now() / 1000),
		},
		pusher,
		sender: { login: pusher.name, id: 1, type: "User" },
		created,
		deleted,
		forced: !created && !deleted && git("merge-base", "--is-ancestor", before, after) === null,
		base_ref: null,
		compare: `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
		commits,
		head_commit: head,
	};
}

function commitsOf(range) {
	const shas = git("rev-list", "--reverse", `--max-count=${mostCommits}`, ...range) ?? "";
	return shas
		.split("\n")
		.filter((sha) => sha !== "")
		.map(commitOf);
}

function otherTips(ref) {
	const refs = git("for-each-ref", "--format=%(refname)", "refs/heads") ?? "";
	return refs.split("\n").filter((other) => other !== "" && other !== ref);
}

function commitOf(sha) {
	const format = ["%T", "%aI", "%an", "%ae", "%cn", "%ce", "%B"].join("%x00");
	const [tree, timestamp, author, authorEmail, committer, committerEmail, message] = git(
		"show",
		"-s",
		`--format=${format}`,
		sha,
	).split("\0");
	const files = git("diff-tree", "-r", "--root", "--no-commit-id", "--no-renames", "--name-status", "-z", sha) ?? "";
	const changes = files.split("\0");
	const changed = (kind) => changes.flatMap((word, at) => (at % 2 === 0 && word === kind ? [changes[at + 1]] : []));
	return {
		id: sha,
		tree_id: tree,
		distinct: true,
		message: message.trim(),
		timestamp,
		url: `https://github.invalid/${repository}/commit/${sha}`,
		author: { name: author, email: authorEmail },
		committer: { name: committer, email: committerEmail },
		added: changed("A"),
		removed: changed("D"),
		modified: changed("M"),
	};
}

function git(...args) {
	const answer = spawnSync("git", args, { cwd: folder, encoding: "utf8", maxBuffer: 64 << 20 });
	return answer.status === 0 ? answer.stdout.replace(/\n$/, "") : null;
}

/** Shown by `git push`, after `remote: `. */
function say(line) {
	process.stdout.write(`gamma: ${line}\n`);
}
