/** What no editor takes for a file of the folder, by its name alone. A link is another matter: that is the disk's to say. */
const mostChars = { path: 4_096, part: 255 };
const devices = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i;

/** Why this is no path that the agent may propose, as the end of a sentence; null where it is one. */
export function refusalOfPath(path: string): string | null {
	if (path === "" || path.length > mostChars.path || !path.isWellFormed()) return "is no path of a file";
	if (/^[/\\~]|^[a-z]:/i.test(path)) return "is not relative to the folder";
	// Streams, drives and backslashes of Windows, and what no name has; marks that turn text around hide what a name is.
	if (/[\\:*?"<>|\p{Cc}]/u.test(path)) return "has characters that a file's name cannot have everywhere";
	if (/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/.test(path)) return "has characters that cannot be seen";
	for (const part of path.split("/")) {
		if (part === "" || part === "." || part === ".." || part.length > mostChars.part)
			return "leads out of the folder, or nowhere";
		if (/[. ]$/.test(part) || devices.test(part)) return "is a name that Windows takes for another";
		if (part.toLowerCase() === ".git" || /^git~\d+$/i.test(part)) return "is git's own";
	}
	return null;
}

const rules: readonly (readonly [RegExp, string])[] = [
	[/^(.*\/)?\.(vscode|idea|devcontainer|zed|cursor|fleet)\//, "settings of an editor, which may run programs"],
	[/\.code-workspace$/, "settings of an editor, which may run programs"],
	[
		/^(.*\/)?\.(github|gitea|forgejo)\/(workflows|actions)\/|^\.(gitlab-ci|travis)\.yml$|^\.circleci\/|^jenkinsfile$|^azure-pipelines\.yml$/,
		"a workflow, which runs with the repository's rights",
	],
	[/^(.*\/)?(\.husky|\.?githooks|hooks)\/|^\.pre-commit-config\.yaml$|^lefthook\.ya?ml$/, "hooks, which git runs"],
	[/^(.*\/)?\.git(attributes|modules|config|ignore)$/, "settings of git"],
	[/^\.gamma\//, "settings of trainings"],
	[
		/^(.*\/)?(\.npmrc|\.yarnrc(\.yml)?|\.pypirc|pip\.conf|\.envrc|\.env(\.[^/]*)?|\.netrc|\.bashrc|\.profile|\.zshrc)$/,
		"settings of programs, which may hold secrets",
	],
	[/^(.*\/)?(claude|agents|gemini|copilot-instructions)\.md$|^(.*\/)?\.(cursorrules|claude\/)/, "orders to agents"],
	[/^(.*\/)?(sitecustomize|usercustomize|conftest)\.py$|^(.*\/)?[^/]*\.pth$/, "code that Python runs by itself"],
];

/** What a file of this name does when it is written, where a person has to be asked by name first; null for any other. */
export function powerOfPath(path: string): string | null {
	const lower = path.toLowerCase();
	return rules.find(([pattern]) => pattern.test(lower))?.[1] ?? null;
}
