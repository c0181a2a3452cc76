import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A real repository in a temporary folder, made with the real git; no setting of this machine's user takes part. */
export class GitProject {
	readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "gamma-git-")));
	#clock = 1_700_000_000;

	constructor(init = true) {
		if (init) this.git("init", "-q", "-b", "main");
	}

	git(...args: string[]): string {
		return this.gitIn(this.folder, ...args);
	}

	gitIn(folder: string, ...args: string[]): string {
		return execFileSync("git", args, {
			cwd: folder,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				PATH: process.env.PATH,
				HOME: this.folder,
				GIT_CONFIG_GLOBAL: "/dev/null",
				GIT_CONFIG_SYSTEM: "/dev/null",
				GIT_AUTHOR_NAME: "Ada Ünal",
				GIT_AUTHOR_EMAIL: "ada@example.org",
				GIT_COMMITTER_NAME: "Ada Ünal",
				GIT_COMMITTER_EMAIL: "ada@example.org",
				GIT_AUTHOR_DATE: `${this.#clock} +0100`,
				GIT_COMMITTER_DATE: `${this.#clock} +0100`,
			},
		}).trim();
	}

	write(path: string, content: string | Uint8Array): void {
		mkdirSync(dirname(join(this.folder, path)), { recursive: true });
		writeFileSync(join(this.folder, path), content);
	}

	/** Commits everything in the work tree; the sha. */
	commit(subject: string, files: Record<string, string | Uint8Array> = {}): string {
		for (const [path, content] of Object.entries(files)) this.write(path, content);
		this.#clock += 60;
		this.git("add", "-A");
		this.git("commit", "-q", "--allow-empty", "-m", subject);
		return this.git("rev-parse", "HEAD");
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
