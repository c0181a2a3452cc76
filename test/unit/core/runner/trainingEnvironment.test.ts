import { expect, test } from "vitest";
import { isRemoteOf, isRepositoryName } from "../../../../src/core/runner/repositoryName";
import { trainingEnvironment } from "../../../../src/core/runner/trainingEnvironment";

test("a training gets the runner's environment without the relay's token and Gamma's secrets", () => {
	const given = {
		PATH: "/bin",
		AWS_PROFILE: "train",
		MLFLOW_TRACKING_TOKEN: "its own",
		GAMMA_TOKEN: "t0ken-of-the-relay",
		GAMMA_LOCAL_TOKEN: "other",
		MY_RELAY: "https://x?token=t0ken-of-the-relay",
		GITHUB_WEBHOOK_SECRET: "s",
		GITHUB_WEBHOOK_SECRET_BEFORE: "s",
		SUPABASE_JWT_SECRET: "s",
		GIT_DIR: "/somewhere",
		UNSET: undefined,
	};
	expect(trainingEnvironment(given, "t0ken-of-the-relay")).toEqual({
		PATH: "/bin",
		AWS_PROFILE: "train",
		MLFLOW_TRACKING_TOKEN: "its own",
		UNSET: undefined,
	});
});

test.each([
	["https://github.com/ada/spirals.git", true],
	["https://github.com/Ada/Spirals/", true],
	["git@github.com:ada/spirals.git", true],
	["ssh://git@host:22/ada/spirals", true],
	["/srv/git/ada/spirals.git", true],
	["ada/spirals", true],
	["https://github.com/grada/spirals", false],
	["https://github.com/ada/spirals-2", false],
	["https://github.com/ada/spiralsxgit", false],
	["", false],
])("%j as a remote of ada/spirals: %j", (url, isIt) => {
	expect(isRemoteOf(url, "ada/spirals")).toBe(isIt);
});

test.each([
	["ada/spirals", true],
	["a.b-c_d/.github", true],
	["../x", false],
	["x/..", false],
	["./x", false],
	["a/b/c", false],
	["-o/x", false],
	["x/--upload-pack=y", false],
	["a", false],
	["a/", false],
	["a/b c", false],
])("%j is the name of a repository: %j", (name, isOne) => {
	expect(isRepositoryName(name)).toBe(isOne);
});
